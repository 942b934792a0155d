"""Networks in the size in which they are used: 224 × 224, and files of up to 350 MB."""

import torchvision

from .network import Network, Watched

models = torchvision.models


def at_full_size(net, layer, batch=1, **options):
    return Network(Watched(net, layer), size=(batch, 3, 224, 224), names_layer=False, steps=2, sure=5e-4, **options)


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
