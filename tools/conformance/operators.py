"""Models for single operators and the patterns that PyTorch writes for one call."""
from typing import List

import torch
import torch.nn.functional as F
from torch import nn

from case import Apply, Branches, case


@case((1, 2, 4, 4), opset=12)
def activations():
    return nn.Sequential(nn.Conv2d(2, 3, 1), Branches([
        nn.LeakyReLU(0.1), nn.PReLU(3), nn.PReLU(), nn.ELU(0.7), nn.SELU(), nn.CELU(1.3), nn.Softplus(), nn.Softsign(), nn.Tanh(), nn.Sigmoid(),
        nn.Hardtanh(-0.5, 0.5), nn.Hardsigmoid(), nn.Mish(), nn.LogSigmoid(), nn.Softshrink(0.2), nn.Hardshrink(0.2),
        Apply(lambda m, x: F.glu(torch.cat([x, x], 1), 1)),
    ]))


@case((2, 4, 3, 3), opset=13)
def normalizations():
    return nn.Sequential(nn.Conv2d(4, 4, 1), Branches([nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True), nn.InstanceNorm2d(4), nn.LayerNorm([4, 3, 3]),
                                                       nn.LocalResponseNorm(3), Apply(lambda m, x: F.normalize(x, dim=1))]))


@case((2, 4), opset=9)
def layer_norm_opset9():
    return nn.Sequential(nn.Linear(4, 6), nn.LayerNorm(6), nn.ReLU(), nn.Linear(6, 3))


@case((1, 4, 6), opset=13)
def indexing():
    def forward(m, x):
        first, last = x.split([1, 3], 1)
        chosen = x.index_select(2, torch.tensor([5, 0, 3]))
        return torch.cat([x[:, :, ::2], x[:, 1:-1, 1:4].repeat(1, 2, 1), x[..., -3:], chosen, x.flip(2)[:, :, 2:5],
                          torch.cat([last, first], 1)[:, :, 3:], x.gather(2, torch.tensor([0, 2, 4]).expand(1, 4, 3)), x[:, [3, 1, 2, 0], 1:4]], 2)
    return Apply(forward)


@case((1, 3, 4, 4), opset=11)
def padding():
    return nn.Sequential(nn.ReflectionPad2d((1, 2, 0, 1)), nn.Conv2d(3, 2, 3), nn.ReplicationPad2d(1), nn.Conv2d(2, 2, 3), nn.ConstantPad2d((0, 1, 2, 0), 0.5),
                         nn.Conv2d(2, 2, 3), nn.ZeroPad2d(1))


@case((1, 2, 6, 6), opset=13)
def pooling():
    def flat(module):
        return nn.Sequential(module, nn.Flatten())
    return nn.Sequential(nn.Conv2d(2, 3, 1), Branches([flat(m) for m in [
        nn.AdaptiveAvgPool2d(3), nn.AdaptiveMaxPool2d((2, 3)), nn.AdaptiveMaxPool2d(1), nn.LPPool2d(2, 2), nn.AvgPool2d(3, 2, 1), nn.AvgPool2d(3, 2, ceil_mode=True),
        nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.MaxPool2d(2, dilation=2), nn.MaxPool2d((1, 3), (2, 1))]]))


@case((2, 3, 4), opset=13)
def reductions():
    def forward(m, x):
        x = m.linear(x)
        return torch.stack([x.mean(-1), x.sum(-1), x.amax(-1), x.amin(-1), x.norm(dim=-1), x.abs().sum(-1), x.logsumexp(-1), x.var(-1), x.std(-1, unbiased=False),
                            x.prod(-1), x.max(-1)[0], x.min(-1)[0], x.cumsum(-1)[..., -1]], -1)
    return Apply(forward, linear=nn.Linear(4, 5))


@case((2, 5), opset=9)
def selection():
    """Decisions on values, and minima and maxima of them."""
    def forward(m, x):
        y = m.linear(x)
        masked = y.masked_fill(torch.tensor([True, False, False, True, False]), -1.5)
        return torch.where(x > 0, y, -y) + masked.clamp(-0.5, 0.5) + y.clamp(min=0) + torch.max(x, y) - torch.min(y, x.abs()) * (x.sign() + (y >= 0.1).float())
    return Apply(forward, linear=nn.Linear(5, 5))


@case((2, 6), opset=11)
def top_classes():
    def forward(m, x):
        y = m.linear(x)
        values, indices = y.topk(3)
        return values, indices, y.argmax(1), F.log_softmax(y, 1)
    return Apply(forward, linear=nn.Linear(6, 5))


@case((2, 6), opset=13)
def arithmetic():
    """Elementwise functions, constants on either side, in-place additions."""
    def forward(m, x):
        y = m.linear(x)
        y += 0.25
        return (1 - y) / 3 + 2 / (y.abs() + 1) + (y ** 3) * 0.5 + (y.abs() + 1).sqrt() - (y.abs() + 1).log() + y.exp() + y.sin() * y.cos() + torch.erf(y) + (y.abs() + 1).rsqrt() \
            + y.floor() - y.round() + y.ceil() + (y.abs() + 1).reciprocal() + y.atan() + torch.addcmul(y, y, x, value=0.1) + torch.fmod(y, 0.3)
    return Apply(forward, linear=nn.Linear(6, 6))


@case((1, 3, 4), opset=13)
def matrix_products():
    """Products of two computed matrices, of vectors, and with constants on the left."""
    left = torch.linspace(-1, 1, 6).view(2, 3)

    def forward(m, x):
        gram = torch.bmm(x, x.transpose(1, 2))
        mixed = torch.matmul(left, x)
        return torch.cat([gram.flatten(1), mixed.flatten(1), torch.baddbmm(gram, gram, gram, beta=0.5, alpha=2).flatten(1), torch.einsum("bij,kj->bik", x, mixed[0]).flatten(1)], 1)
    return Apply(forward)


@case((1, 2, 4, 4), opset=13)
def layout():
    def forward(m, x):
        y = F.pixel_unshuffle(m.conv(x), 2)
        y = y.permute(0, 2, 3, 1).unsqueeze(1).squeeze(1).contiguous().view(1, 4, -1)
        return torch.stack([y, y.expand(1, 4, 8)], 1).transpose(1, 2).flatten(2).reshape(2, -1)
    return Apply(forward, conv=nn.Conv2d(2, 2, 1))


@case((2, 4), opset=13, scripted=True)
class branch_and_loop(nn.Module):
    """Control flow that depends on attributes of the model only."""
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.rounds = 3

    def forward(self, x):
        if self.rounds > 2:
            x = self.linear(x)
        else:
            x = x - 1
        for i in range(self.rounds):
            x = torch.relu(self.linear(x)) + float(i) * 0.1
        return x


@case((2, 4), opset=14, scripted=True)
class branch_on_shape(nn.Module):
    """Control flow that depends on shapes, and a list of tensors grown in a loop."""
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        parts: List[torch.Tensor] = []
        for i in range(x.size(0)):
            parts.append(self.linear(x[i]) * float(i + 1))
        y = torch.stack(parts)
        if x.dim() == 2 and x.size(1) == 4:
            y = y + x
        return y


@case((1, 2, 6, 6), opset=13)
def fake_quantization():
    """What quantisation-aware training exports: QuantizeLinear and DequantizeLinear around float layers."""
    def forward(m, x):
        x = torch.fake_quantize_per_tensor_affine(x, 1 / 127, 0, -128, 127)
        weight = torch.fake_quantize_per_channel_affine(m.conv.weight, torch.tensor([0.004, 0.003, 0.005]), torch.zeros(3, dtype=torch.int32), 0, -128, 127)
        x = F.relu(F.conv2d(x, weight, m.conv.bias))
        return m.linear(torch.fake_quantize_per_tensor_affine(x, 0.01, 10, 0, 255).flatten(1))
    return Apply(forward, conv=nn.Conv2d(2, 3, 3), linear=nn.Linear(48, 4))


@case((1, 3, 6, 6), opset=11, export_params=True, do_constant_folding=False, input_names=["image"], dynamic_axes={"image": {0: "n", 2: "h", 3: "w"}})
def open_image_size():
    """Any size of image: what depends on it is computed in the graph."""
    def forward(m, x):
        y = F.interpolate(m.conv(x), size=(x.shape[2] * 2, x.shape[3] * 2), mode="nearest")
        return y.reshape(y.shape[0], y.shape[1], -1).mean(2)
    return Apply(forward, conv=nn.Conv2d(3, 4, 3, padding=1))
