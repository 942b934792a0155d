"""The two networks. Only operators that every ONNX runtime has, static shapes, one input channel."""

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

VIEWS = ("frontal", "inverted", "rotated", "not-a-chest")


class ConvUnit(nn.Module):
    def __init__(self, inputs, outputs, stride=1, kernel=3, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU() if relu else nn.Identity()

    def forward(self, x):
        return self.relu(self.norm(self.conv(x)))


class LungsNet(nn.Module):
    """A U-Net whose bottleneck also says what kind of picture it is looking at."""

    def __init__(self, widths=(12, 24, 48, 80), bottleneck=96):
        super().__init__()
        first, *rest = widths
        encoders, before = [ConvUnit(1, first)], first
        for width in rest:
            encoders.append(nn.Sequential(ConvUnit(before, width), ConvUnit(width, width)))
            before = width
        self.encoders = nn.ModuleList(encoders)
        self.pool = nn.MaxPool2d(2)
        self.bottleneck = nn.Sequential(ConvUnit(before, bottleneck), ConvUnit(bottleneck, bottleneck))
        # A 2 × 2 grid rather than one global mean: upside down is a matter of where things are.
        self.view = nn.Sequential(
            nn.AvgPool2d(5, count_include_pad=False), nn.Flatten(), nn.Linear(4 * bottleneck, 48), nn.ReLU(), nn.Linear(48, len(VIEWS))
        )
        ups, decoders, below = [], [], bottleneck
        for width in reversed(widths):
            ups.append(nn.Sequential(nn.Conv2d(below, width, 1), nn.Upsample(scale_factor=2, mode="nearest")))
            decoders.append(ConvUnit(2 * width, width))
            below = width
        self.ups, self.decoders = nn.ModuleList(ups), nn.ModuleList(decoders)
        self.mask = nn.Conv2d(first, 1, 1)

    def encode(self, x):
        skips = []
        for encoder in self.encoders:
            x = encoder(x)
            skips.append(x)
            x = self.pool(x)
        return self.bottleneck(x), skips

    def decode(self, x, skips):
        for up, decoder, skip in zip(self.ups, self.decoders, reversed(skips)):
            x = decoder(torch.cat([up(x), skip], 1))
        return self.mask(x)

    def forward(self, x):
        deep, skips = self.encode(x)
        return self.decode(deep, skips), self.view(deep)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first = ConvUnit(inputs, outputs, stride)
        self.second = ConvUnit(outputs, outputs, relu=False)
        same = stride == 1 and inputs == outputs
        self.skip = nn.Identity() if same else ConvUnit(inputs, outputs, stride, kernel=1, relu=False)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.second(self.first(x)) + self.skip(x))


class PneumoniaNet(nn.Module):
    """160 × 160 → 10 × 10 feature map → mean → one linear layer, so the class activation map is exact."""

    def __init__(self, widths=(24, 32, 80, 128)):
        super().__init__()
        stem, *rest = widths
        layers, before = [ConvUnit(1, stem, 2, kernel=5), nn.MaxPool2d(2)], stem
        for level, width in enumerate(rest):
            layers += [Residual(before, width, 1 if level == 0 else 2), Residual(width, width)]
            before = width
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(before, 1)

    def forward(self, x):
        activation = self.features(x)
        return self.classifier(self.dropout(self.pool(activation).flatten(1))), activation


def folded(net):
    """The network for inference, each batch normalisation folded into the convolution before it."""
    for module in net.eval().modules():
        if isinstance(module, ConvUnit) and isinstance(module.norm, nn.BatchNorm2d):
            module.conv = fuse_conv_bn_eval(module.conv, module.norm)
            module.norm = nn.Identity()
    return net
