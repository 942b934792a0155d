"""One network to be exported, with weights that leave nothing degenerate."""

from dataclasses import dataclass
from typing import Callable, Optional

import torch
from torch import nn


@dataclass(frozen=True)
class Network:
    """`module` gives the logits and the activation that Grad-CAM looks at."""

    module: nn.Module
    size: tuple = (2, 3, 64, 64)
    opset: int = 13
    # Sizes that stay open in the file: none, "batch", or "all" for rows and columns, too.
    dynamic: Optional[str] = None
    # False: the file names only its logits, and the compiler finds the layer by itself.
    names_layer: bool = True
    # The score is a weighed sum over all logits, as in segmentation.
    mask: bool = False
    steps: int = 4
    # How far single and double precision may be apart, relative.
    sure: float = 1e-5
    # What the case allows between its arrays and ours, relative.
    tolerance: float = 1e-3
    # Shifts that keep most inputs of a ReLU away from its bend: among ten million, rounding would always flip some.
    calm: bool = False
    # Changes the exported ModelProto.
    edit: Optional[Callable] = None
    fold_constants: bool = True
    # Whether the exporter may merge a normalisation into the convolution before it.
    fused: bool = True
    # Kinds of modules that become functions of the file.
    functions: tuple = ()
    # Weights and statistics are rounded to half precision.
    rounded: bool = False


class Watched(nn.Module):
    """A network as it is, and the activation behind one of its modules."""

    def __init__(self, net, layer):
        super().__init__()
        self.net = net
        self.seen = None
        net.get_submodule(layer).register_forward_hook(self._keep)

    def _keep(self, _module, _inputs, output):
        self.seen = output

    def forward(self, x):
        logits = self.net(x)
        return logits, self.seen


class Probe(nn.Module):
    """A small stem, the operators in question, and a head that weighs every value by itself."""

    def __init__(self, middle, channels=8, side=32):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, channels, 3, stride=2, padding=1), nn.BatchNorm2d(channels))
        self.middle = middle
        with torch.no_grad():
            width = self.eval().middle(torch.zeros(2, channels, side // 2, side // 2) + 0.5).flatten(1).shape[1]
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        features = self.stem(x)
        return self.head(self.middle(features).flatten(1)), features


class Each(nn.Module):
    """Several functions or modules of the same tensor, flattened and side by side."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = branches
        self.modules_of = nn.ModuleList([each for each in branches if isinstance(each, nn.Module)])

    def forward(self, x):
        return torch.cat([branch(x).flatten(1) for branch in self.branches], 1)


def probe(*branches, channels=8, side=32, **options):
    middle = branches[0] if len(branches) == 1 and isinstance(branches[0], nn.Module) else Each(*branches)
    return Network(Probe(middle, channels, side), size=(2, 3, side, side), **options)


def prepare(network):
    """Fixed weights, and running statistics that fit what flows through, but not quite."""
    module = network.module
    for each in module.modules():
        if hasattr(each, "inplace"):
            each.inplace = False
    with torch.no_grad():
        for key, parameter in module.named_parameters():
            _fill(key, parameter)
        norms = [each for each in module.modules() if isinstance(each, nn.modules.batchnorm._BatchNorm)]
        module.eval()
        for each in norms:
            each.train()
            each.momentum = None
            if network.calm:
                each.bias.copy_(3 * each.weight)
        if norms:
            module(torch.randn(max(4, network.size[0]), *network.size[1:]))
        for each in norms:
            each.eval()
            deviation = each.running_var.sqrt()
            each.running_mean += 0.2 * deviation * torch.randn_like(deviation)
            each.running_var *= torch.empty_like(deviation).uniform_(0.7, 1.5)
        if network.rounded:
            for tensor in [*module.parameters(), *module.buffers()]:
                if tensor.is_floating_point():
                    tensor.copy_(tensor.half())


def _fill(key, parameter):
    if parameter.dim() >= 2 and key.endswith(("weight", "weight_v", "weight_orig")):
        fan_in = parameter[0].numel()
        parameter.normal_(0, (1.6 / fan_in) ** 0.5)
    elif key.endswith("bias"):
        parameter.normal_(0, 0.1)
    elif parameter.dim() >= 2 and "layer_scale" not in key:
        parameter.normal_(0, 0.5)
    else:
        parameter.uniform_(0.5, 1.3)
