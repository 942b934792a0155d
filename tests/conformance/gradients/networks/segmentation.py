"""Networks that give a picture: U-Nets that enlarge in every way, and atrous spatial pyramids."""

import torch
from torch import nn
from torch.nn import functional as F

from .network import Network


class UNet(nn.Module):
    """Enlarges by `grow(picture, size)`."""

    def __init__(self, grow, classes=2):
        super().__init__()
        self.grow = grow
        self.outer = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.inner = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.deep = nn.Sequential(nn.Conv2d(16, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU())
        self.merge = nn.Sequential(nn.Conv2d(40, 16, 3, padding=1), nn.ReLU())
        self.last = nn.Sequential(nn.Conv2d(24, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, classes, 1))

    def forward(self, x):
        outer = self.outer(x)
        inner = self.inner(F.max_pool2d(outer, 2))
        deep = self.deep(F.max_pool2d(inner, 2))
        x = self.merge(torch.cat([inner, self.grow(deep, inner.shape[2:])], 1))
        return self.last(torch.cat([outer, self.grow(x, outer.shape[2:])], 1)), deep


def u_net(mode, align=None, by_size=False, size=(48, 48), **options):
    def grow(picture, to):
        how = {"size": to} if by_size else {"scale_factor": 2}
        return F.interpolate(picture, mode=mode, align_corners=align, **how)

    return Network(UNet(grow), size=(2, 1, *size), mask=True, **options)


class Atrous(nn.Module):
    """DeepLab v3 in short: dilated branches, the mean of the picture, and a bilinear end."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 12, 3, stride=2, padding=1), nn.BatchNorm2d(12), nn.ReLU())
        self.branches = nn.ModuleList([nn.Conv2d(12, 8, 1)] + [
            nn.Conv2d(12, 8, 3, padding=rate, dilation=rate) for rate in (2, 4, 6)
        ])
        self.whole = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(12, 8, 1), nn.ReLU())
        self.project = nn.Sequential(nn.Conv2d(40, 16, 1), nn.BatchNorm2d(16), nn.ReLU())
        self.last = nn.Conv2d(16, 3, 1)

    def forward(self, x):
        low = self.stem(x)
        whole = F.interpolate(self.whole(low), size=low.shape[-2:], mode="bilinear", align_corners=False)
        features = self.project(torch.cat([branch(low) for branch in self.branches] + [whole], 1))
        return F.interpolate(self.last(features), size=x.shape[-2:], mode="bilinear", align_corners=False), features


class Transposed(nn.Module):
    """Transposed convolutions with dilation, groups and output padding, and pixel shuffling."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 8, 5, stride=4, padding=2), nn.ReLU(), nn.Conv2d(8, 8, 3, stride=2))
        self.first = nn.ConvTranspose2d(8, 8, 3, stride=3, dilation=2, groups=2, output_padding=(1, 2))
        self.second = nn.ConvTranspose2d(8, 6, (4, 3), stride=(2, 1), padding=(1, 0))
        self.third = nn.Conv2d(6, 8, 3, padding=1)
        self.last = nn.Conv2d(2, 1, 3, padding=1)

    def forward(self, x):
        features = self.down(x)
        x = torch.tanh(self.second(F.relu(self.first(features))))
        return self.last(F.pixel_shuffle(self.third(x), 2)), features


class Pyramid(nn.Module):
    """PSPNet's pools of several sizes, enlarged again; FPN's sum; probabilities instead of logits."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(8, 12, 3, padding=1))
        self.parts = nn.ModuleList([nn.Conv2d(12, 4, 1) for _ in range(3)])
        self.last = nn.Conv2d(24, 3, 3, padding=1)

    def forward(self, x):
        features = F.relu(self.stem(x))
        grown = [
            F.interpolate(part(F.adaptive_avg_pool2d(features, cells)), size=features.shape[2:], mode="bicubic")
            for cells, part in zip((1, 2, 6), self.parts)
        ]
        x = self.last(torch.cat([features] + grown, 1))
        return F.interpolate(x, scale_factor=(2.0, 1.5), mode="nearest").softmax(1), features


networks = {
    "unet-nearest-opset9": lambda: u_net("nearest", opset=9),
    "unet-nearest-by-size": lambda: u_net("nearest", by_size=True, size=(50, 42), opset=11, dynamic="all"),
    "unet-bilinear-opset10": lambda: u_net("bilinear", True, opset=11),
    "unet-bilinear": lambda: u_net("bilinear", False, by_size=True, size=(49, 45), opset=11),
    "unet-bilinear-open": lambda: u_net("bilinear", False, by_size=True, size=(50, 42), opset=13, dynamic="all"),
    "unet-bilinear-aligned": lambda: u_net("bilinear", True, by_size=True, size=(49, 45), opset=16, dynamic="batch"),
    "unet-bicubic": lambda: u_net("bicubic", False, opset=13),
    "unet-bicubic-aligned": lambda: u_net("bicubic", True, by_size=True, size=(50, 42), opset=17),
    "unet-layer-unnamed": lambda: u_net("nearest", opset=17, names_layer=False, dynamic="all"),
    "deeplab": lambda: Network(Atrous(), opset=12, mask=True),
    "deeplab-open": lambda: Network(Atrous(), opset=17, mask=True, dynamic="all"),
    "transposed": lambda: Network(Transposed(), size=(2, 1, 48, 48), opset=11, mask=True),
    "pyramid": lambda: Network(Pyramid(), size=(2, 3, 48, 48), opset=14, mask=True),
}
