"""Normalisations, pools, paddings and convolutions one by one."""

import torch
from torch import nn
from torch.nn import functional as F

from .network import probe


def norms(*more, **options):
    return probe(
        nn.GroupNorm(4, 8), nn.GroupNorm(1, 8, affine=False), nn.GroupNorm(8, 8), nn.InstanceNorm2d(8),
        nn.InstanceNorm2d(8, affine=True), nn.LayerNorm([8, 16, 16]),
        nn.LayerNorm(16), nn.LocalResponseNorm(3, alpha=0.5, beta=0.75, k=1.0),
        nn.LocalResponseNorm(2, alpha=0.4, k=2.0),
        nn.Sequential(nn.Flatten(), nn.BatchNorm1d(2048)), nn.BatchNorm2d(8, affine=False), *more, **options,
    )


def root_mean_square(x):
    return x * torch.rsqrt(x.pow(2).mean(1, keepdim=True) + 1e-6)


def response(x):
    """Global response normalisation of ConvNeXt v2."""
    size = torch.norm(x, p=2, dim=(2, 3), keepdim=True)
    return x * (size / (size.mean(1, keepdim=True) + 1e-6)) + x


def pools(*more, **options):
    return probe(
        nn.MaxPool2d(2), nn.MaxPool2d(3, 2, 1), nn.MaxPool2d((3, 2), (2, 1), (1, 0)), nn.MaxPool2d(3, 2, 0, ceil_mode=True),
        nn.MaxPool2d(4, 3, 2, ceil_mode=True), nn.AvgPool2d(2), nn.AvgPool2d(3, 2, 1), nn.AvgPool2d(3, 2, 1, count_include_pad=False),
        nn.AvgPool2d(3, 2, ceil_mode=True), nn.AvgPool2d((2, 5), (3, 2), (1, 2), count_include_pad=False), nn.AdaptiveAvgPool2d(1),
        nn.AdaptiveAvgPool2d(4), nn.AdaptiveMaxPool2d(1), nn.AdaptiveMaxPool2d((2, 4)), *more, **options,
    )


def more_pools():
    return probe(
        nn.MaxPool2d(3, 1, 1, dilation=2), nn.MaxPool2d(2, 2, dilation=3), nn.MaxPool2d((2, 3), (1, 2), (1, 1), dilation=(4, 2)),
        nn.MaxPool2d(3, 2, 1, dilation=2, ceil_mode=True), lambda x: F.max_pool2d(x, 2, return_indices=True)[0],
        lambda x: F.max_pool1d(x.flatten(2), 5, 3, 2), lambda x: F.avg_pool1d(x.flatten(2), 4, 3, 2), opset=13,
    )


def norm_pools():
    return probe(
        nn.LPPool2d(2, 3, 2), nn.LPPool2d(1, 2, ceil_mode=True), lambda x: F.lp_pool2d(x.abs() + 0.1, 3.0, 2),
        # Generalised mean, as in image retrieval.
        lambda x: F.avg_pool2d(x.clamp(min=1e-2).pow(3), x.shape[2:]).pow(1 / 3),
        lambda x: torch.cat([F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, 1)], 1),
        lambda x: F.avg_pool2d(x, 2) - F.max_pool2d(-x, 2), opset=12,
    )


def paddings(opset=13, **options):
    return probe(
        nn.ReflectionPad2d(3), nn.ReflectionPad2d((1, 0, 2, 4)), nn.ReplicationPad2d(2), nn.ReplicationPad2d((0, 3, 1, 0)),
        nn.ZeroPad2d((1, 2, 0, 3)), nn.ConstantPad2d(2, 0.7), lambda x: F.pad(x, (-2, 1, 3, -1)),
        lambda x: F.pad(x.flatten(2), (4, 2), mode="reflect"), lambda x: F.pad(x, (0, 0, 0, 0, 1, 2)), opset=opset, **options,
    )


def shuffles(opset=13, **options):
    return probe(
        nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.Upsample(scale_factor=2),
        nn.Upsample(scale_factor=3, mode="nearest"), nn.Upsample(size=(9, 21), mode="nearest"),
        nn.Upsample(scale_factor=1.5, mode="bilinear", align_corners=False), nn.Upsample(size=(11, 7), mode="bilinear"),
        lambda x: F.interpolate(x, scale_factor=0.5, mode="nearest"), lambda x: F.interpolate(x, size=(40, 24), mode="bicubic"),
        lambda x: F.interpolate(x, scale_factor=0.5, mode="bilinear", recompute_scale_factor=True),
        lambda x: F.interpolate(x.flatten(2), size=100, mode="linear", align_corners=True), opset=opset, **options,
    )


def convolutions():
    conv, back = nn.Conv2d, nn.ConvTranspose2d
    return probe(
        conv(8, 12, 3, 2, 1, groups=4), conv(8, 8, 5, 3, 2, dilation=2, groups=8), conv(8, 4, (1, 4), (2, 3), (0, 2)),
        conv(8, 4, 3, padding=1, padding_mode="reflect"),
        conv(8, 4, 3, padding=(2, 1), padding_mode="replicate"), conv(8, 4, 1, 3),
        conv(8, 4, 2, 4), conv(8, 4, 3, padding=3), back(8, 4, 2, 2), back(8, 4, 3, 2, 1, output_padding=1),
        back(8, 8, 4, 3, 2, groups=8), back(8, 4, 3, 1, 2), back(8, 6, 3, 2, 0, dilation=3, groups=2, bias=False),
        conv(8, 8, 16),
        # Channels by three and groups that do not fill vectors, which some kernels of runtimes take for something else.
        nn.Sequential(conv(8, 6, 3), conv(6, 8, 3), conv(8, 10, 1), conv(10, 20, 3, groups=2), conv(20, 12, 3, groups=2)), opset=13,
    )


class ThreeAxes(nn.Module):
    def __init__(self):
        super().__init__()
        self.there, self.back = nn.Conv3d(1, 4, 3, 2, 1), nn.ConvTranspose3d(4, 2, 3, 2, 1)

    def forward(self, x):
        x = x.unsqueeze(1)
        pools = [F.max_pool3d(x, 2), F.avg_pool3d(x, (3, 2, 2), 2, 1), self.back(torch.relu(self.there(x)))]
        return torch.cat([each.flatten(1) for each in pools], 1)


class OneAxis(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.back_one = nn.Conv1d(16, 8, 5, 2, 2), nn.ConvTranspose1d(8, 4, 4, 2, 1)
        self.bilinear = nn.Linear(8, 8, bias=False)

    def forward(self, x):
        one = self.back_one(torch.relu(self.one(x.transpose(1, 2).flatten(2))))
        flat = self.bilinear(x.flatten(2).transpose(1, 2))
        # Second-order pooling.
        second = flat.transpose(1, 2) @ flat / flat.shape[1]
        signed = second.sign() * (second.abs() + 1e-5).sqrt()
        return torch.cat([one.flatten(1), F.normalize(signed.flatten(1))], 1)


networks = {
    "norms-opset11": lambda: norms(
        nn.InstanceNorm2d(8, affine=True, track_running_stats=True), nn.LayerNorm([16, 16], elementwise_affine=False), opset=11
    ),
    "norms-opset17": lambda: norms(opset=17, dynamic="batch"),
    "norms-made-by-hand": lambda: probe(root_mean_square, response, opset=14),
    "pools-opset10": lambda: pools(lambda x: F.max_pool2d(x, x.shape[2:]), opset=10),
    "pools-opset16": lambda: pools(opset=16, dynamic="batch"),
    "pools-dilated": more_pools,
    "pools-by-norm": norm_pools,
    "padding": paddings,
    "padding-opset9": lambda: paddings(9),
    "padding-open": lambda: paddings(16, dynamic="all"),
    "padding-circular": lambda: probe(
        # Written out: PyTorch 1.13 exports its own circular padding wrongly.
        lambda x: torch.cat([x[..., -2:], x, x[..., :1]], -1), lambda x: torch.roll(x, (3, -2), (2, 3)), opset=13
    ),
    "shuffles-and-sizes": shuffles,
    "shuffles-and-sizes-open": lambda: shuffles(17, dynamic="all"),
    "convolutions": convolutions,
    "one-axis": lambda: probe(OneAxis(), opset=13),
    "three-axes": lambda: probe(ThreeAxes(), opset=13),
}
