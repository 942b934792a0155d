"""Convolutional families, as torchvision has them but narrow, and some that it lacks."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models import convnext, densenet, efficientnet, maxvit, mobilenetv3, regnet, resnet, shufflenetv2
from torchvision.models.googlenet import Inception
from torchvision.models.inception import BasicConv2d as conv
from torchvision.ops.misc import SqueezeExcitation

from .network import Network, Watched


def resnext():
    net = resnet.ResNet(resnet.Bottleneck, [1, 1, 1, 1], num_classes=5, groups=4, width_per_group=4)
    return Network(Watched(net, "layer4"), opset=11)


def dilated_resnet():
    net = resnet.ResNet(
        resnet.Bottleneck, [1, 2, 1, 1], num_classes=5, width_per_group=4,
        replace_stride_with_dilation=[False, True, True],
    )
    return Network(Watched(net, "layer4"), size=(2, 3, 48, 48), opset=16, dynamic="all")


def shufflenet():
    net = shufflenetv2.ShuffleNetV2([2, 2, 2], [8, 16, 32, 64, 48], num_classes=5)
    return Network(Watched(net, "conv5"), size=(2, 3, 96, 96), opset=10)


def shufflenet_open():
    net = shufflenetv2.ShuffleNetV2([1, 2, 1], [8, 16, 32, 64, 48], num_classes=5)
    return Network(Watched(net, "conv5"), opset=14, dynamic="all")


def efficient(names_layer=True, **options):
    block = partial(efficientnet.MBConvConfig, width_mult=1, depth_mult=1)
    settings = [block(1, 3, 1, 16, 8, 1), block(4, 5, 2, 8, 16, 2), block(4, 3, 2, 16, 24, 1)]
    net = efficientnet.EfficientNet(settings, dropout=0.2, num_classes=5, last_channel=64)
    net.features[0][0] = nn.Conv2d(3, 16, 3, stride=2, padding=1, bias=False)
    net.features[0][1] = nn.BatchNorm2d(16)
    return Network(Watched(net, "features"), names_layer=names_layer, **options)


def efficient_v2():
    fused, block = efficientnet.FusedMBConvConfig, efficientnet.MBConvConfig
    settings = [fused(1, 3, 1, 12, 12, 1), fused(4, 3, 2, 12, 16, 2), block(4, 3, 2, 16, 24, 1)]
    net = efficientnet.EfficientNet(
        settings, dropout=0.2, num_classes=5, last_channel=64, norm_layer=partial(nn.BatchNorm2d, eps=1e-3)
    )
    return Network(Watched(net, "features"), opset=16)


def mobilenet_v3():
    block = partial(mobilenetv3.InvertedResidualConfig, width_mult=1)
    settings = [
        block(16, 3, 16, 16, True, "RE", 2, 1), block(16, 3, 32, 24, False, "RE", 2, 1),
        block(24, 5, 48, 24, True, "HS", 1, 2),
    ]
    net = mobilenetv3.MobileNetV3(settings, last_channel=48, num_classes=5)
    return Network(Watched(net, "features"), opset=13, dynamic="all", names_layer=False)


class Factorised(nn.Module):
    """Inception v3 in short: asymmetric kernels, and averages that count the padding or do not."""

    def __init__(self, inputs, channels):
        super().__init__()
        self.one = conv(inputs, channels, kernel_size=1)
        self.seven = nn.Sequential(
            conv(inputs, channels, kernel_size=1), conv(channels, channels, kernel_size=(1, 7), padding=(0, 3)),
            conv(channels, channels, kernel_size=(7, 1), padding=(3, 0)),
        )
        self.wide = conv(inputs, channels, kernel_size=(1, 3), padding=(0, 1))
        self.high = conv(inputs, channels, kernel_size=(3, 1), padding=(1, 0))
        self.pool = conv(2 * inputs, channels, kernel_size=1)

    def forward(self, x):
        averages = [F.avg_pool2d(x, 3, 1, 1, count_include_pad=counted) for counted in (True, False)]
        pool = self.pool(torch.cat(averages, 1))
        return torch.cat([self.one(x), self.seven(x), self.wide(x), self.high(x), pool], 1)


class InceptionV3(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            conv(3, 8, kernel_size=3, stride=2), conv(8, 8, kernel_size=3), nn.MaxPool2d(3, 2), Factorised(8, 6),
        )
        self.narrow = conv(30, 12, kernel_size=3, stride=2)
        self.last = Factorised(42, 6)
        self.head = nn.Linear(30, 5)

    def forward(self, x):
        # `transform_input` of torchvision.
        shifted = [x[:, each : each + 1] * (0.229 / 0.5) + (0.485 - 0.5) / 0.5 for each in range(3)]
        x = self.stem(torch.cat(shifted, 1))
        x = torch.cat([self.narrow(x), F.max_pool2d(x, 3, 2)], 1)
        features = self.last(x)
        pooled = F.adaptive_avg_pool2d(features, (1, 1))
        return self.head(torch.flatten(F.dropout(pooled, training=self.training), 1)), features


class SmallGoogLeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            conv(3, 8, kernel_size=7, stride=2, padding=3), nn.MaxPool2d(3, 2, ceil_mode=True),
            nn.LocalResponseNorm(5, alpha=0.25, k=1.5), Inception(8, 4, 4, 8, 4, 8, 4), nn.MaxPool2d(3, 2, ceil_mode=True),
            Inception(24, 8, 4, 8, 4, 8, 8), nn.AvgPool2d(3, 2, 1, ceil_mode=True),
        )
        self.head = nn.Linear(32, 5)

    def forward(self, x):
        features = self.features(x)
        return self.head(features.mean((2, 3))), features


class AlexNetLike(nn.Module):
    """Local response normalisation, groups, overlapping pools, and adaptive pooling to several cells."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 7, stride=3, padding=2), nn.ReLU(), nn.LocalResponseNorm(4, alpha=0.5, beta=0.6, k=2.0),
            nn.MaxPool2d(3, 2), nn.Conv2d(16, 24, 3, padding=1, groups=2), nn.ReLU(),
        )
        self.head = nn.Sequential(nn.Dropout(), nn.Linear(24 * 9, 16), nn.ReLU(), nn.Linear(16, 5))

    def forward(self, x):
        features = self.features(x)
        return self.head(F.adaptive_avg_pool2d(features, 3).flatten(1)), features


def convnext_like(opset, **options):
    block = convnext.CNBlockConfig
    net = convnext.ConvNeXt([block(8, 16, 1), block(16, 24, 1)], num_classes=5)
    return Network(Watched(net, "features"), opset=opset, **options)


def regnet_y():
    settings = regnet.BlockParams.from_init_params(
        depth=4, w_0=16, w_a=8, w_m=2, group_width=8, se_ratio=0.25
    )
    return Network(Watched(regnet.RegNet(settings, num_classes=5), "trunk_output"), opset=15)



def dense():
    net = densenet.DenseNet(growth_rate=6, block_config=(2, 2, 2), num_init_features=8, num_classes=5)
    return Network(Watched(net, "features"), opset=9, names_layer=False, dynamic="batch")


def max_vit():
    net = maxvit.MaxVit(
        input_size=(64, 64), stem_channels=8, partition_size=4, block_channels=[8, 16], block_layers=[1, 1], head_dim=4,
        stochastic_depth_prob=0.1, num_classes=5,
    )
    return Network(Watched(net, "blocks.1"), opset=13)


class Attentive(nn.Module):
    """CBAM, coordinate attention, ECA and squeeze-excite by Linear, one after the other."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.squeeze, self.excite = nn.Linear(16, 4), nn.Linear(4, 16)
        self.where = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        self.both = nn.Conv2d(16, 8, 1)
        self.rows, self.columns = nn.Conv2d(8, 16, 1), nn.Conv2d(8, 16, 1)
        self.across = nn.Conv1d(1, 1, 3, padding=1, bias=False)
        self.se = SqueezeExcitation(16, 4)
        self.last = nn.Conv2d(16, 24, 3, stride=2, padding=1)
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        x = self.stem(x)
        batch, channels, rows, columns = x.shape
        gate = torch.sigmoid(self.excite(F.relu(self.squeeze(x.mean((2, 3))))))
        gate = gate + torch.sigmoid(self.excite(F.relu(self.squeeze(x.amax((2, 3))))))
        x = x * gate.view(batch, channels, 1, 1)
        strongest, _ = x.max(1, keepdim=True)
        x = x * torch.sigmoid(self.where(torch.cat([x.mean(1, keepdim=True), strongest], 1)))
        by_row = x.mean(3, keepdim=True)
        by_column = x.mean(2, keepdim=True).permute(0, 1, 3, 2)
        joint = F.hardswish(self.both(torch.cat([by_row, by_column], 2)))
        by_row, by_column = torch.split(joint, [rows, columns], 2)
        x = x * torch.sigmoid(self.rows(by_row)) * torch.sigmoid(self.columns(by_column.permute(0, 1, 3, 2)))
        pooled = F.adaptive_avg_pool2d(x, 1)
        across = self.across(pooled.squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1)
        x = self.se(x * torch.sigmoid(across).expand_as(x))
        features = F.relu(self.last(x))
        return self.head(features.mean((2, 3))), features


class ManyScales(nn.Module):
    """Res2Net's splits, HRNet's exchange between resolutions, Ghost features, and BiFPN's weighed sums."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.steps = nn.ModuleList([nn.Conv2d(4, 4, 3, padding=1) for _ in range(3)])
        self.down = nn.Conv2d(16, 24, 3, stride=2, padding=1)
        self.up = nn.Conv2d(24, 16, 1)
        self.ghost = nn.Conv2d(16, 16, 3, padding=1, groups=16)
        self.shares = nn.Parameter(torch.ones(2))
        self.lateral = nn.Conv2d(32, 24, 3, stride=2, padding=1)
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        x = F.relu(self.stem(x))
        parts, before = list(torch.chunk(x, 4, 1)), None
        for index, step in enumerate(self.steps):
            before = F.relu(step(parts[index] if before is None else parts[index] + before))
            parts[index] = before
        fine = torch.cat(parts, 1)
        coarse = F.relu(self.down(fine))
        fine = F.relu(fine + F.interpolate(self.up(coarse), scale_factor=2, mode="nearest"))
        fine = torch.cat([fine, self.ghost(fine)], 1)
        shares = F.relu(self.shares)
        shares = shares / (shares.sum() + 1e-4)
        features = F.silu(shares[0] * self.lateral(fine) + shares[1] * coarse)
        return self.head(features.mean((2, 3))), features


class StandardisedWeights(nn.Module):
    """Weights that are computed on the way: standardised, and by norm and direction."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 12, 3, stride=2, padding=1)
        self.second = nn.utils.weight_norm(nn.Conv2d(12, 16, 3, stride=2, padding=1))
        self.third = nn.utils.spectral_norm(nn.Conv2d(16, 16, 3, padding=1))
        self.norm = nn.GroupNorm(4, 12)
        self.head = nn.utils.weight_norm(nn.Linear(16, 5))

    def forward(self, x):
        weight = self.first.weight
        centred = weight - weight.mean((1, 2, 3), keepdim=True)
        weight = centred / (centred.flatten(1).std(1).view(-1, 1, 1, 1) + 1e-5)
        x = F.relu(self.norm(F.conv2d(x, weight, self.first.bias, 2, 1)))
        features = F.relu(self.third(F.relu(self.second(x))))
        return self.head(features.mean((2, 3))), features


networks = {
    "resnext-opset11": resnext,
    "resnet-dilated": dilated_resnet,
    "shufflenet-v2-opset10": shufflenet,
    "shufflenet-v2-open": shufflenet_open,
    "efficientnet-opset9": lambda: efficient(opset=9),
    "efficientnet-opset14": lambda: efficient(opset=14, names_layer=False, dynamic="batch"),
    "efficientnet-unfolded": lambda: efficient(opset=17, fold_constants=False),
    "efficientnet-v2": efficient_v2,
    "mobilenet-v3-open": mobilenet_v3,
    "inception-v3": lambda: Network(InceptionV3(), size=(2, 3, 75, 75), opset=12),
    "googlenet": lambda: Network(SmallGoogLeNet(), opset=11),
    "googlenet-opset17": lambda: Network(SmallGoogLeNet(), opset=17, size=(2, 3, 61, 67)),
    "alexnet": lambda: Network(AlexNetLike(), size=(2, 3, 57, 57), opset=9),
    "convnext-opset13": lambda: convnext_like(13),
    "convnext-opset17": lambda: convnext_like(17, names_layer=False, dynamic="batch"),
    "regnet": regnet_y,
    "densenet-opset9": dense,
    "maxvit": max_vit,
    "attention-modules": lambda: Network(Attentive(), size=(2, 3, 48, 64), opset=13),
    "attention-modules-open": lambda: Network(Attentive(), size=(2, 3, 48, 64), opset=16, dynamic="all"),
    "many-scales": lambda: Network(ManyScales(), opset=12, dynamic="all"),
    "computed-weights": lambda: Network(StandardisedWeights(), opset=13),
    "computed-weights-unfolded": lambda: Network(StandardisedWeights(), opset=15, fold_constants=False),
}
