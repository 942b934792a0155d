"""Reductions, products, choices and indices: what papers do between the layers."""

from typing import List

import torch
from torch import nn
from torch.nn import functional as F

from .network import Network, probe


def positive(x):
    return F.softplus(x) + 0.1


def reductions(**options):
    return probe(
        lambda x: x.mean(1), lambda x: x.sum((2, 3)), lambda x: x.mean((0, 2), keepdim=True).expand_as(x),
        lambda x: x.amax((2, 3)), lambda x: x.amin(1), lambda x: x.max(2)[0], lambda x: x.min(3, keepdim=True)[0],
        lambda x: x.std((2, 3)), lambda x: x.var(1, unbiased=False), lambda x: torch.var_mean(x, 3)[0], lambda x: x.norm(dim=1),
        lambda x: x.norm(p=1, dim=(2, 3)), lambda x: torch.linalg.vector_norm(x, 2, (2, 3)), lambda x: x.abs().pow(3).sum(1).pow(1 / 3),
        lambda x: x.abs().amax(1), lambda x: torch.logsumexp(x, 1), lambda x: torch.logsumexp(x, (2, 3)),
        lambda x: positive(x).prod(1), lambda x: (x.flatten(2)[:, :, :6] + 0.2).prod(2, keepdim=True), lambda x: x.abs().sum(1).log(),
        lambda x: torch.linalg.norm(x, dim=(2, 3)), lambda x: x.square().sum(1).sqrt(), **options,
    )


def running():
    return probe(
        lambda x: torch.cumsum(x, 1), lambda x: torch.cumsum(x, -1), lambda x: x.flip(2).cumsum(2).flip(2),
        lambda x: x.topk(3, 1)[0], lambda x: x.flatten(2).topk(5, -1)[0].mean(-1), lambda x: x.sort(1, descending=True)[0],
        lambda x: x.sort(2)[0][:, :, :4], opset=13,
    )


def choices(**options):
    return probe(
        lambda x: torch.where(x > 0.1, x * x, 0.3 * x), lambda x: torch.maximum(x, x.mean(1, keepdim=True)),
        lambda x: torch.minimum(x, torch.tensor(0.2)), lambda x: torch.max(x, -x * 0.5), lambda x: x.masked_fill(x < 0, 0.5) * x,
        lambda x: torch.clamp(x, -0.4, 0.9), lambda x: x.clamp_min(0.2),
        lambda x: (x > 0).float() * x, lambda x: (x.sigmoid().round() * x), lambda x: x * (x != 0).to(x.dtype) * (x >= -1).float(),
        lambda x: torch.where((x > 0) & (x < 1) | ~(x > -1), x, torch.zeros_like(x)), lambda x: x * F.one_hot(x.argmax(1), 8).permute(0, 3, 1, 2),
        lambda x: torch.eq(x, x.amax((2, 3), keepdim=True)).float() * x * 3, lambda x: torch.floor_divide(x.detach().abs(), 0.3) * x,
        **options,
    )


def indices(**options):
    return probe(
        lambda x: x.index_select(1, torch.tensor([3, 0, 3, 5])), lambda x: x[:, [1, 4, 2]], lambda x: x[:, :, ::2, 1::3],
        lambda x: x.flip(3), lambda x: x.flip((1, 2)), lambda x: torch.roll(x, 3, 2), lambda x: x[:, -1], lambda x: x[..., -4:],
        lambda x: x.gather(1, torch.arange(16).remainder(8).view(1, 1, 16, 1).expand(len(x), 1, 16, 16)),
        lambda x: torch.gather(x, 3, x.argsort(3)[..., :2]), lambda x: torch.stack(x.unbind(1)[:3], -1), lambda x: x.chunk(3, 1)[2],
        lambda x: torch.cat(x.split([1, 5, 2], 1)[::-1], 1), lambda x: x.narrow(2, 3, 7), lambda x: x.select(3, 5),
        lambda x: x.unfold(3, 4, 2), lambda x: F.unfold(x, 3, padding=1, stride=2), lambda x: x.repeat(1, 2, 1, 3),
        lambda x: x.repeat_interleave(2, 1), lambda x: x.repeat(2, 1, 1, 1, 1).sum(0), lambda x: x[:, torch.arange(8) % 2 == 0],
        lambda x: x.swapaxes(1, 3), lambda x: x.movedim(1, -1),
        lambda x: x[:, torch.tensor([[0, 3], [2, 5]]), torch.tensor([[1], [7]])],
        lambda x: torch.diagonal(x, dim1=2, dim2=3), **options,
    )


def written(x):
    """Parts that are overwritten or added to."""
    y = x.clone()
    y[:, 2] = x[:, 3] * 2
    y[:, :, 4:8] = x[:, :, 8:12] - 1
    z = x.clone()
    z[:, 1::3, ::2] += 0.5 * x[:, :3, 1::2]
    zeros = torch.zeros_like(x)
    places = torch.arange(16).flip(0).view(1, 1, 16, 1).expand(len(x), 8, 16, 16)
    return torch.cat([y, z, zeros.scatter(2, places, x), zeros.scatter_add(2, places // 2, x)], 1)


@torch.jit.script
def listed(x: torch.Tensor) -> torch.Tensor:
    """Lists, which stay lists where Python is compiled and not only watched."""
    parts = x.split(2, 1)
    rows = x.split([3, 8, 5], 2)
    chosen: List[torch.Tensor] = []
    chosen.append(parts[1] * 2)
    chosen.append(parts[0])
    chosen.insert(0, parts[-1] * parts[0])
    together = torch.cat(chosen, 1) * float(len(chosen))
    return torch.cat([together.flatten(1), torch.stack([rows[1], rows[1] * rows[1]], 1).flatten(1), rows[2].flatten(1)], 1)


def products():
    return probe(
        lambda x: torch.einsum("bchw,bdhw->bcd", x, x.flip(1)), lambda x: torch.einsum("bchw->bwc", x),
        lambda x: torch.einsum("bchw,c->bhw", x, torch.arange(8.0)), lambda x: torch.einsum("b...,b...->b", x, x * x)[:, None],
        lambda x: torch.einsum("bchw,bdhw,bc->bd", x, x, x.mean((2, 3))), lambda x: torch.einsum("bchh->bch", x),
        lambda x: torch.einsum("bchw,kw->bchk", x, torch.linspace(-1, 1, 48).view(3, 16)), lambda x: x @ x.transpose(2, 3),
        lambda x: torch.matmul(x, torch.linspace(0, 1, 16)), lambda x: torch.matmul(torch.linspace(0, 1, 16), x),
        lambda x: torch.bmm(x.flatten(2), x.flatten(2).transpose(1, 2)), lambda x: torch.tensordot(x, torch.linspace(0, 1, 32).view(16, 2), 1),
        lambda x: torch.outer(x.mean((1, 2, 3)), torch.ones(3)), lambda x: torch.baddbmm(x[:, 0], x[:, 1], x[:, 2], beta=0.5, alpha=2),
        opset=13,
    )


def distances():
    def other():
        return torch.linspace(-1, 1, 40).view(5, 8)

    return probe(
        lambda x: F.cosine_similarity(x, x.flip(1) + 0.3, 1), lambda x: F.normalize(x, dim=1), lambda x: F.normalize(x, p=1.0, dim=(2, 3)),
        lambda x: F.normalize(x.mean((2, 3))) @ F.normalize(other()).t() * 5, lambda x: torch.cdist(x.mean((2, 3)), other()),
        lambda x: F.pairwise_distance(x.mean((2, 3)), x.amax((2, 3)))[:, None], lambda x: (x.mean((2, 3))[:, None] - other()).pow(2).sum(-1).neg().exp(),
        opset=13,
    )


class Coordinates(nn.Module):
    """CoordConv, soft-argmax, and a mask that comes from the shape."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(10, 8, 3, padding=1)

    def forward(self, x):
        batch, _, rows, columns = x.shape
        y, z = torch.meshgrid(torch.linspace(-1, 1, rows), torch.linspace(-1, 1, columns), indexing="ij")
        places = torch.stack([y, z]).unsqueeze(0).expand(batch, -1, -1, -1)
        x = self.conv(torch.cat([x, places.to(x)], 1))
        heat = x.flatten(2).softmax(-1).view_as(x)
        centre = torch.stack([(heat * y).sum((2, 3)), (heat * z).sum((2, 3))], -1)
        triangle = torch.ones(rows, columns).triu(1) + torch.eye(rows, columns) * torch.arange(columns)
        return torch.cat([centre.flatten(1), (x * triangle).flatten(1)], 1)


networks = {
    "reductions-opset11": lambda: reductions(opset=11),
    "reductions-opset16": lambda: reductions(opset=16, dynamic="all"),
    "running-and-sorted": running,
    "choices": lambda: choices(opset=13),
    "choices-open": lambda: choices(opset=16, dynamic="batch"),
    "indices": lambda: indices(opset=13),
    "indices-open": lambda: indices(opset=16, dynamic="batch"),
    "lists": lambda: probe(listed, opset=13),
    "lists-open": lambda: probe(listed, opset=16, dynamic="all"),
    "written-parts": lambda: probe(written, opset=16),
    "products": products,
    "distances": distances,
    "coordinates": lambda: probe(Coordinates(), opset=14),
    "coordinates-open": lambda: probe(Coordinates(), opset=16, dynamic="all"),
}
