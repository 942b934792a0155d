"""Every activation of PyTorch that can be exported, a few at a time."""

import torch
from torch import nn
from torch.nn import functional as F

from .network import probe

smooth = [
    nn.Sigmoid(), nn.Tanh(), nn.Softplus(), nn.Softplus(beta=2.0), nn.Softsign(), nn.SiLU(), nn.GELU(), nn.LogSigmoid(),
    nn.Tanhshrink(), lambda x: x * torch.tanh(F.softplus(x)), lambda x: torch.erf(x) + torch.exp(-x * x),
    lambda x: torch.sin(x) * torch.cos(x) + torch.atan(x), lambda x: torch.log1p(x * x) + torch.exp(0.1 * x),
    lambda x: torch.rsqrt(x * x + 1) + torch.reciprocal(x * x + 0.5) + (x * x + 0.1).sqrt(),
]
bent = [
    nn.ReLU(), nn.LeakyReLU(0.1), nn.Hardtanh(-0.7, 0.8), nn.ReLU6(), nn.Hardsigmoid(), nn.Hardswish(), nn.ELU(0.7), nn.SELU(),
    nn.CELU(1.5), nn.Threshold(0, 0), nn.Hardshrink(0.3), nn.Softshrink(0.3), nn.RReLU(0.1, 0.4),
    lambda x: torch.abs(x) + torch.sign(x) * x * x, lambda x: torch.clamp(x, min=-0.5) + torch.clamp(x, max=0.6),
    lambda x: torch.floor(x) + torch.ceil(x * 2) + x,
]


rounded = lambda x: torch.round(x * 2) * x


def for_opset(opset):
    lacking = {9: (nn.Hardswish, nn.CELU, nn.Mish), 10: (nn.CELU,), 11: (nn.CELU,)}.get(opset, ())
    return [each for each in smooth + bent if not isinstance(each, lacking)]


def slopes():
    return probe(nn.PReLU(), nn.PReLU(8), lambda x: F.prelu(x.mean((2, 3)), torch.tensor([0.3])), opset=16)


def mixing():
    return probe(
        nn.GLU(1), nn.GLU(3), nn.Softmax(1), nn.Softmax(2), nn.LogSoftmax(1), nn.LogSoftmax(-1), nn.Softmin(2), nn.Softmax2d(),
        lambda x: F.softmax(x.flatten(1), 1), opset=11,
    )


def powers():
    return probe(
        lambda x: x ** 2 + x ** 3, lambda x: (x.abs() + 0.5) ** 0.7, lambda x: torch.pow(x.abs() + 0.5, x.mean(1, keepdim=True)),
        lambda x: 2.0 ** x, lambda x: torch.sigmoid(x) / (1 + x.abs()), lambda x: 1 - x, lambda x: 3 / (x.abs() + 1),
        lambda x: torch.true_divide(x, 2) - torch.square(x), lambda x: torch.addcmul(x, x, x, value=0.5),
        lambda x: torch.lerp(x, x * x, 0.3), lambda x: torch.rsub(x, 1, alpha=2),
           )


networks = {
    "activations-opset9": lambda: probe(*for_opset(9), opset=9),
    "activations-opset11": lambda: probe(*for_opset(11), rounded, opset=11),
    "activations-opset14": lambda: probe(*for_opset(14), nn.Mish(), opset=14, dynamic="batch"),
    "activations-opset17": lambda: probe(*for_opset(17), nn.Mish(), nn.GELU(approximate="tanh"), opset=17),
    "slopes": slopes,
    "softmax-and-gates-opset11": mixing,
    "softmax-and-gates-opset13": lambda: probe(nn.GLU(2), nn.Softmax(1), nn.LogSoftmax(2), nn.Softmin(1), opset=13, dynamic="all"),
    "powers": powers,
}
