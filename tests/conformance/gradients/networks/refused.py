"""Networks for which there is no gradient here. Each has to be refused by an error that names the operator."""

import torch
from torch import nn
from torch.nn import functional as F

from .network import probe


class Sampled(nn.Module):
    """A spatial transformer: the picture is taken at places that depend on it."""

    def __init__(self):
        super().__init__()
        self.where = nn.Linear(8, 6)

    def forward(self, x):
        theta = self.where(x.mean((2, 3))).view(-1, 2, 3) * 0.3 + torch.tensor([[1.0, 0, 0], [0, 1, 0]])
        rows = torch.linspace(-1, 1, 16)
        y, z = torch.meshgrid(rows, rows, indexing="ij")
        places = torch.stack([z, y, torch.ones(16, 16)], -1).view(1, 256, 3)
        return F.grid_sample(x, (places @ theta.transpose(1, 2)).view(-1, 16, 16, 2), align_corners=False)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = nn.GRU(16, 8, batch_first=True)

    def forward(self, x):
        return self.rows(x.mean(1))[0]


class KernelFromPicture(nn.Module):
    """A dynamic convolution."""

    def __init__(self):
        super().__init__()
        self.kernel = nn.Linear(8, 72)

    def forward(self, x):
        kernel = self.kernel(x.mean((0, 2, 3))).view(1, 8, 3, 3)
        return F.conv2d(x, kernel, padding=1)


networks = {
    "GridSample": lambda: probe(Sampled(), opset=16),
    "GRU": lambda: probe(Recurrent(), opset=14),
    "Conv": lambda: probe(KernelFromPicture(), opset=13),
}
