"""Transformers and what exporters make of attention."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Apply, Residual, case

WIDTH, HEADS, PATCHES = 8, 2, 4


def attend(m, x):
    """Attention as timm writes it: one product for query, key and value."""
    n, t, c = x.shape
    q, k, v = m.qkv(x).reshape(n, t, 3, HEADS, c // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
    weights = (q @ k.transpose(-2, -1) * (c // HEADS) ** -0.5).softmax(-1)
    return m.out((weights @ v).transpose(1, 2).reshape(n, t, c))


def attention():
    return Apply(attend, qkv=nn.Linear(WIDTH, 3 * WIDTH), out=nn.Linear(WIDTH, WIDTH))


def block(activation):
    return nn.Sequential(Residual(nn.LayerNorm(WIDTH), attention()),
                         Residual(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 12), activation, nn.Linear(12, WIDTH)))


class VisionTransformer(nn.Module):
    def __init__(self, activation):
        super().__init__()
        self.patches = nn.Conv2d(1, WIDTH, 4, 4)
        self.token = nn.Parameter(torch.randn(1, 1, WIDTH))
        self.position = nn.Parameter(torch.randn(1, PATCHES + 1, WIDTH))
        self.blocks = block(activation)
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, 4)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
        return self.head(self.norm(self.blocks(x))[:, 0])


@case((1, 1, 8, 8), opset=12)
def vision_transformer():
    return VisionTransformer(nn.GELU())


@case((2, 1, 8, 8), opset=17, input_names=["image"], dynamic_axes={"image": {0: "batch"}})
def vision_transformer_dynamic():
    """The batch open: shapes are computed in the graph. LayerNormalization is an operator from opset 17 on."""
    return VisionTransformer(nn.GELU(approximate="tanh"))


@case((5, 1, 8), opset=13)
def multi_head_attention():
    """PyTorch's own module, sequence first, with a mask that hides what is to come."""
    mask = torch.full((5, 5), float("-inf")).triu(1)
    return Apply(lambda m, x: m.attention(x, x, x, attn_mask=mask)[0], attention=nn.MultiheadAttention(WIDTH, HEADS))


@case((1, 4, 8), opset=12)
def einsum_attention():
    def forward(m, x):
        q, k, v = (f(x).view(1, 4, HEADS, WIDTH // HEADS) for f in (m.query, m.key, m.value))
        weights = torch.einsum("bihd,bjhd->bhij", q, k).softmax(-1)
        return torch.einsum("bhij,bjhd->bihd", weights, v).flatten(2)
    return Apply(forward, query=nn.Linear(WIDTH, WIDTH), key=nn.Linear(WIDTH, WIDTH), value=nn.Linear(WIDTH, WIDTH))


@case((1, 4, 4, 8), opset=13)
def shifted_windows():
    """A Swin block: windows cut from a rolled image, a bias gathered by relative position."""
    index = torch.tensor([[(i // 2 - j // 2 + 1) * 3 + i % 2 - j % 2 + 1 for j in range(4)] for i in range(4)])

    def forward(m, x):
        x = torch.roll(x, (-1, -1), (1, 2))
        windows = x.view(1, 2, 2, 2, 2, WIDTH).permute(0, 1, 3, 2, 4, 5).reshape(4, 4, WIDTH)
        bias = m.bias.weight[index.view(-1)].view(4, 4, 1).permute(2, 0, 1)
        mixed = F.softmax(windows @ windows.transpose(1, 2) / 4 + bias, -1) @ m.value(windows)
        x = mixed.view(1, 2, 2, 2, 2, WIDTH).permute(0, 1, 3, 2, 4, 5).reshape(1, 4, 4, WIDTH)
        return torch.roll(x, (1, 1), (1, 2))
    return Apply(forward, bias=nn.Embedding(9, 1), value=nn.Linear(WIDTH, WIDTH))


@case((1, 2, 4, 4), opset=13)
def mixer():
    """Perceptrons only: along the patches, then along the channels; ReLU in place of GELU."""
    tokens = Residual(nn.BatchNorm1d(6), nn.Linear(PATCHES, 5), nn.ReLU(), nn.Linear(5, PATCHES))
    channels = Residual(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 6))
    return Apply(lambda m, x: m.head(m.channels(m.tokens(m.patches(x).flatten(2)).transpose(1, 2)).mean(1)),
                 patches=nn.Conv2d(2, 6, 2, 2), tokens=tokens, channels=channels, head=nn.Linear(6, 4))


@case((2, 6), opset=13, tokens=10)
def token_classifier():
    """Integers in, looked up in a table."""
    return Apply(lambda m, x: m.head(m.table(x).mean(1)), table=nn.Embedding(10, 5), head=nn.Linear(5, 3))
