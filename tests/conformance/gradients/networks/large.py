"""Networks in the size in which they are used: 224 × 224, and files of up to 350 MB."""

import torchvision

from .network import Network, Watched

models = torchvision.models


def at_full_size(net, layer, batch=1, **options):
    options = {"sure": 5e-4, **options}
    return Network(Watched(net, layer), size=(batch, 3, 224, 224), names_layer=False, steps=2, **options)


# Where nothing can keep the inputs of ten million ReLUs and pools away from their bends, rounding sends some to the other side,
# in PyTorch too: single and double precision are as far apart as this there. A wrong rule is off by its whole size.
BENDS = {"sure": 2e-2, "tolerance": 4e-2}


networks = {
    "resnet50": lambda: at_full_size(models.resnet50(), "layer4", batch=2, calm=True),
    # DenseNet's last ReLU overwrites what `features` gave, so that the layer is what comes behind it.
    "densenet121": lambda: at_full_size(models.densenet121(), "features", dynamic="batch", calm=True),
    "efficientnet_b0": lambda: at_full_size(models.efficientnet_b0(), "features", batch=2),
    "mobilenet_v3_large": lambda: at_full_size(models.mobilenet_v3_large(), "features", batch=2, opset=14),
    "convnext_tiny": lambda: at_full_size(models.convnext_tiny(), "features", opset=17),
    "vit_b_16": lambda: at_full_size(models.vit_b_16(), "conv_proj", opset=14),
}

# Those whose case names the layer.
named = {"vit_b_16"}

# One network of each further family of torchvision's classifiers, and the sizes of families that differ in more than their width.
wide = {
    "alexnet": lambda: at_full_size(models.alexnet(), "features", opset=9, **BENDS),
    "vgg16": lambda: at_full_size(models.vgg16(), "features", **BENDS),
    "vgg11_bn": lambda: at_full_size(models.vgg11_bn(), "features", calm=True, **BENDS),
    "resnet18": lambda: at_full_size(models.resnet18(), "layer4", calm=True, dynamic="batch"),
    "resnet101": lambda: at_full_size(models.resnet101(), "layer4", calm=True),
    "resnext50_32x4d": lambda: at_full_size(models.resnext50_32x4d(), "layer4", calm=True),
    "wide_resnet50_2": lambda: at_full_size(models.wide_resnet50_2(), "layer4", calm=True),
    "densenet201": lambda: at_full_size(models.densenet201(), "features", calm=True),
    # Its last activation is that of the convolution that gives a map for each class.
    "squeezenet1_0": lambda: at_full_size(models.squeezenet1_0(), "classifier.2", **BENDS),
    "googlenet": lambda: at_full_size(models.googlenet(init_weights=False, aux_logits=False), "inception5b", calm=True, **BENDS),
    "inception_v3": lambda: at_full_size(
        models.inception_v3(init_weights=False, aux_logits=False), "Mixed_7c", calm=True, **BENDS
    ),
    "mobilenet_v2": lambda: at_full_size(models.mobilenet_v2(), "features", opset=11, **BENDS),
    "mobilenet_v3_small": lambda: at_full_size(models.mobilenet_v3_small(), "features", opset=14),
    "mnasnet1_0": lambda: at_full_size(models.mnasnet1_0(), "layers", calm=True),
    "shufflenet_v2_x1_0": lambda: at_full_size(models.shufflenet_v2_x1_0(), "conv5", calm=True),
    "regnet_x_400mf": lambda: at_full_size(models.regnet_x_400mf(), "trunk_output", calm=True),
    "regnet_y_800mf": lambda: at_full_size(models.regnet_y_800mf(), "trunk_output", calm=True),
    "efficientnet_b2": lambda: at_full_size(models.efficientnet_b2(), "features", opset=17),
    "efficientnet_v2_s": lambda: at_full_size(models.efficientnet_v2_s(), "features"),
    "convnext_small": lambda: at_full_size(models.convnext_small(), "features", opset=13),
    "swin_t": lambda: at_full_size(models.swin_t(), "permute", opset=13),
    "maxvit_t": lambda: at_full_size(models.maxvit_t(input_size=(224, 224)), "blocks.3", opset=13),
    "vit_b_32": lambda: at_full_size(models.vit_b_32(), "conv_proj", opset=17),
}
named |= {"vit_b_32"}
