"""Vision transformers and what they are made of."""

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models import swin_transformer, vision_transformer

from .network import Network, Watched


def vit(**options):
    net = vision_transformer.VisionTransformer(
        image_size=48, patch_size=12, num_layers=2, num_heads=2, hidden_dim=16, mlp_dim=24, num_classes=5
    )
    return Network(Watched(net, "conv_proj"), size=(2, 3, 48, 48), **options)


class Encoder(nn.Module):
    """PyTorch's own encoder layers over the cells of a picture, normalised before or after."""

    def __init__(self, norm_first, activation):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 7, stride=8, padding=3), nn.BatchNorm2d(16))
        self.places = nn.Parameter(torch.zeros(1, 36, 16))
        layer = nn.TransformerEncoderLayer(
            16, 4, 32, activation=activation, batch_first=True, norm_first=norm_first
        )
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        features = self.stem(x)
        tokens = features.flatten(2).transpose(1, 2) + self.places
        return self.head(self.encoder(tokens).mean(1)), features


class OwnAttention(nn.Module):
    """Attention as most vision code writes it, and its variants: linear, cosine, with relative places, and a causal mask."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 24, 8, stride=8), nn.BatchNorm2d(24))
        self.norms = nn.ModuleList([nn.LayerNorm(24) for _ in range(4)])
        self.qkv = nn.ModuleList([nn.Linear(24, 72) for _ in range(4)])
        self.out = nn.ModuleList([nn.Linear(24, 24) for _ in range(4)])
        self.relative = nn.Parameter(torch.zeros(9, 3))
        self.temperature = nn.Parameter(torch.ones(3, 1, 1))
        places = torch.arange(36) % 6
        self.register_buffer("distance", (places[:, None] - places[None]).abs())
        self.head = nn.Sequential(nn.LayerNorm(24), nn.Linear(24, 5))

    def attend(self, index, x):
        batch, tokens, width = x.shape
        qkv = self.qkv[index](self.norms[index](x)).reshape(batch, tokens, 3, 3, width // 3).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0) if index % 2 == 0 else (qkv[0], qkv[1], qkv[2])
        if index == 0:
            weights = (q @ k.transpose(-2, -1)) * (width // 3) ** -0.5
            weights = (weights + self.relative[self.distance].permute(2, 0, 1)).softmax(-1)
        elif index == 1:
            q, k = F.elu(q) + 1, F.elu(k) + 1
            context = torch.einsum("bhnd,bhne->bhde", k, v)
            norm = 1 / (torch.einsum("bhnd,bhd->bhn", q, k.sum(2)) + 1e-3)
            mixed = torch.einsum("bhnd,bhde,bhn->bhne", q, context, norm)
            return self.out[index](mixed.transpose(1, 2).reshape(batch, tokens, width))
        elif index == 2:
            scale = torch.clamp(self.temperature, max=4.6).exp()
            weights = (F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1) * scale).softmax(-1)
        else:
            seen = torch.ones(tokens, tokens).tril().bool()
            weights = torch.einsum("bhid,bhjd->bhij", q, k) / (width // 3) ** 0.5
            weights = weights.masked_fill(~seen, float("-inf")).softmax(-1)
        return self.out[index]((weights @ v).transpose(1, 2).reshape(batch, tokens, width))

    def forward(self, x):
        features = self.stem(x)
        tokens = features.flatten(2).permute(0, 2, 1)
        for index in range(4):
            tokens = tokens + self.attend(index, tokens)
        return self.head(tokens[:, 0] + tokens.mean(1)), features


class NonLocal(nn.Module):
    """Attention between the cells of a picture, and pooling with attention."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, stride=4, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.theta, self.phi, self.g = (nn.Conv2d(16, 8, 1) for _ in range(3))
        self.back = nn.Conv2d(8, 16, 1)
        self.channels = nn.Parameter(torch.zeros(1))
        self.pool = nn.MultiheadAttention(16, 2)
        self.query = nn.Parameter(torch.zeros(1, 1, 16))
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        x = self.stem(x)
        batch, width, rows, columns = x.size()
        theta = self.theta(x).view(batch, 8, -1).permute(0, 2, 1)
        phi = F.max_pool2d(self.phi(x), 2).view(batch, 8, -1)
        g = F.max_pool2d(self.g(x), 2).view(batch, 8, -1).permute(0, 2, 1)
        weights = F.softmax(torch.bmm(theta, phi), dim=-1)
        spread = torch.bmm(weights, g).permute(0, 2, 1).contiguous().view(batch, 8, rows, columns)
        x = x + self.back(spread)
        flat = x.view(batch, width, -1)
        energy = torch.baddbmm(torch.zeros(1, 1, 1), flat, flat.transpose(1, 2), beta=0, alpha=0.02)
        energy = energy.max(-1, keepdim=True)[0].expand_as(energy) - energy
        features = x + self.channels * torch.matmul(energy.softmax(-1), flat).view_as(x)
        tokens = features.flatten(2).permute(2, 0, 1)
        pooled, _ = self.pool(self.query.expand(1, batch, 16), tokens, tokens, need_weights=False)
        return self.head(pooled[0]), features


def swin(**options):
    net = swin_transformer.SwinTransformer(
        patch_size=[4, 4], embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4], num_classes=5,
        stochastic_depth_prob=0.1,
    )
    # The channels come last inside, and second again at the end.
    return Network(Watched(net, "permute"), **options)


class Mixer(nn.Module):
    """MLP-Mixer and gMLP, poolformer's averages, and a classifier token among the cells."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 8, stride=8)
        self.tokens = nn.Sequential(nn.Linear(36, 24), nn.GELU(), nn.Linear(24, 36))
        self.gate = nn.Conv1d(36, 36, 1)
        self.norm, self.group = nn.LayerNorm(16), nn.GroupNorm(1, 16)
        self.wide = nn.Linear(16, 32)
        self.token = nn.Parameter(torch.zeros(1, 1, 16))
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        x = self.stem(x)
        normal = self.group(x)
        features = x + F.avg_pool2d(normal, 3, 1, 1, count_include_pad=False) - normal
        tokens = features.flatten(2).transpose(1, 2)
        tokens = tokens + self.tokens(self.norm(tokens).transpose(1, 2)).transpose(1, 2)
        u, v = self.wide(tokens).chunk(2, -1)
        tokens = tokens + u * self.gate(v)
        tokens = torch.cat([self.token.expand(x.shape[0], -1, -1), tokens], 1)
        return self.head(tokens.softmax(1).mul(tokens).sum(1)), features


def encoder(norm_first, activation, **options):
    return Network(Encoder(norm_first, activation), size=(2, 3, 48, 48), **options)


networks = {
    "vit-opset9": lambda: vit(opset=9),
    "vit-opset14": lambda: vit(opset=14, names_layer=False, dynamic="batch"),
    "vit-opset17-unfolded": lambda: vit(opset=17, fold_constants=False, dynamic="batch"),
    "vit-functions": lambda: vit(opset=16, functions=(nn.LayerNorm, nn.GELU, vision_transformer.EncoderBlock)),
    "encoder-after": lambda: encoder(False, "relu", opset=13),
    "encoder-first": lambda: encoder(True, "gelu", opset=17, dynamic="batch"),
    "own-attention-opset14": lambda: Network(OwnAttention(), size=(2, 3, 48, 48), opset=14),
    "own-attention-opset17": lambda: Network(OwnAttention(), size=(2, 3, 48, 48), opset=17, dynamic="batch"),
    "non-local": lambda: Network(NonLocal(), size=(2, 3, 48, 48), opset=13, dynamic="all"),
    "swin": lambda: swin(opset=13, names_layer=False),
    "mixer": lambda: Network(Mixer(), size=(2, 3, 48, 48), opset=15),
}
