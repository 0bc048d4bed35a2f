"""Convolutional networks and perceptrons, each the smallest of its family."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Apply, Branches, Residual, case

PRESERVE = dict(training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
BATCH = dict(input_names=["image"], output_names=["logits"], dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})


def conv_bn(inputs, outputs, kernel=3, stride=1, groups=1, activation=nn.ReLU):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([activation()] if activation else []))


def head(channels, classes=4):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


@case((2, 1, 12, 12), opset=9)
def lenet():
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.MaxPool2d(2, 2, ceil_mode=True),
                         nn.Flatten(), nn.Linear(24, 10), nn.ReLU(), nn.Linear(10, 4))


@case((1, 1, 8, 8), opset=7)
def lenet_opset7():
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(36, 4))


@case((1, 1, 10, 10), opset=8)
def cryptonets():
    """Squares for activations, as homomorphic encryption wants them."""
    square = Apply(lambda m, x: x * x)
    power = Apply(lambda m, x: x ** 2)
    return nn.Sequential(nn.Conv2d(1, 4, 5, 2, 1), square, nn.AvgPool2d(2), nn.Flatten(), nn.Linear(16, 8), power, nn.Linear(8, 4))


@case((3, 3, 8, 8), opset=11, **BATCH)
def dynamic_batch():
    features = nn.Sequential(conv_bn(3, 4), nn.MaxPool2d(2))
    return Apply(lambda m, x: m.linear(m.features(x).view(x.size(0), -1)), features=features, linear=nn.Linear(64, 4))


@case((2, 3, 8, 8), opset=16, **BATCH, **PRESERVE)
def batch_norm_kept():
    """Nothing folded: batch normalisation after and before a convolution and after a matrix product."""
    return nn.Sequential(conv_bn(3, 4), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3), nn.Dropout(0.5), nn.Flatten(),
                         nn.Linear(144, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 4))


@case((1, 3, 8, 8), opset=9, keep_initializers_as_inputs=True)
def weights_among_inputs():
    return nn.Sequential(conv_bn(3, 4), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64, 4))


@case((1, 3, 12, 12), opset=11)
def resnet():
    def block(inputs, outputs, stride):
        main = nn.Sequential(conv_bn(inputs, outputs, 3, stride), conv_bn(outputs, outputs, activation=None))
        shortcut = conv_bn(inputs, outputs, 1, stride, activation=None) if stride > 1 else nn.Identity()
        return Apply(lambda m, x: F.relu(m.main(x) + m.shortcut(x)), main=main, shortcut=shortcut)
    return nn.Sequential(conv_bn(3, 4), nn.MaxPool2d(3, 2, 1), block(4, 4, 1), block(4, 6, 2), head(6))


@case((1, 3, 8, 8), **PRESERVE)
def densenet():
    def layer(channels):
        grow = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, 2, 3, padding=1, bias=False))
        return Branches([nn.Identity(), grow])
    transition = nn.Sequential(nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 4, 1, bias=False), nn.AvgPool2d(2))
    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), layer(4), layer(6), transition, layer(4), nn.BatchNorm2d(6), nn.ReLU(), head(6))


@case((1, 3, 10, 10), opset=10)
def squeezenet():
    def fire(inputs):
        expand = Branches([nn.Sequential(nn.Conv2d(2, 3, 1), nn.ReLU()), nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.ReLU())])
        return nn.Sequential(nn.Conv2d(inputs, 2, 1), nn.ReLU(), expand)
    return nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), fire(4), fire(6), nn.Dropout(),
                         nn.Conv2d(6, 4, 1), nn.ReLU(), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten())


@case((1, 3, 9, 9), opset=12)
def inception():
    """Unlike kernels side by side, dilation, and an average that leaves the padding out."""
    tall = nn.Sequential(nn.Conv2d(3, 2, (1, 5), padding=(0, 2)), nn.ReLU(), nn.Conv2d(2, 2, (5, 1), padding=(2, 0)), nn.ReLU())
    dilated = nn.Sequential(nn.Conv2d(3, 2, 3, padding=2, dilation=2), nn.ReLU())
    pooled = nn.Sequential(nn.AvgPool2d(3, 1, 1, count_include_pad=False), nn.Conv2d(3, 2, 1), nn.ReLU())
    return nn.Sequential(Branches([tall, dilated, pooled, nn.MaxPool2d(3, 1, 1)]), head(9))


@case((1, 3, 8, 8))
def mobilenet_v2():
    def inverted(channels):
        return Residual(conv_bn(channels, 8, 1, activation=nn.ReLU6), conv_bn(8, 8, 3, 1, 8, nn.ReLU6), conv_bn(8, channels, 1, activation=None))
    return nn.Sequential(conv_bn(3, 4, 3, 2, activation=nn.ReLU6), inverted(4), inverted(4), head(4))


@case((1, 3, 8, 8), opset=14)
def mobilenet_v3():
    squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 2, 1), nn.ReLU(), nn.Conv2d(2, 8, 1), nn.Hardsigmoid())
    excite = Apply(lambda m, x: x * m.squeeze(x), squeeze=squeeze)
    return nn.Sequential(conv_bn(3, 4, 3, 2, activation=nn.Hardswish),
                         Residual(conv_bn(4, 8, 1, activation=nn.Hardswish), conv_bn(8, 8, 5, 1, 8, nn.Hardswish), excite, conv_bn(8, 4, 1, activation=None)),
                         head(4))


@case((1, 3, 8, 8))
def efficientnet():
    squeeze = nn.Sequential(nn.Conv2d(4, 2, 1), nn.SiLU(), nn.Conv2d(2, 4, 1), nn.Sigmoid())
    excite = Apply(lambda m, x: m.squeeze(x.mean((2, 3), keepdim=True)) * x, squeeze=squeeze)
    return nn.Sequential(conv_bn(3, 4, activation=nn.SiLU), Residual(conv_bn(4, 4, 3, 1, 4, nn.SiLU), excite), head(4))


def shuffle(module, x):
    n, c, h, w = x.shape
    return x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


@case((1, 4, 6, 6), opset=11)
def shufflenet():
    """Grouped convolutions with the channels shuffled between them, and a unit that splits the channels."""
    def split(module, x):
        left, right = x.chunk(2, 1)
        return torch.cat([left, module.branch(right)], 1)
    unit = Apply(split, branch=nn.Sequential(conv_bn(4, 4, 1), conv_bn(4, 4, groups=4, activation=None)))
    return nn.Sequential(conv_bn(4, 8, 1, groups=2), Apply(shuffle), nn.Conv2d(8, 8, 3, 1, 1, groups=4), unit, Apply(shuffle), head(8))


@case((1, 3, 8, 8), opset=15)
def convnext():
    block = Apply(lambda m, x: x + (m.gamma.weight[0] * m.out(F.gelu(m.inner(m.norm(m.depthwise(x).permute(0, 2, 3, 1)))))).permute(0, 3, 1, 2),
                  depthwise=nn.Conv2d(4, 4, 7, padding=3, groups=4), norm=nn.LayerNorm(4), inner=nn.Linear(4, 8), out=nn.Linear(8, 4),
                  gamma=nn.Embedding(1, 4))
    return nn.Sequential(nn.Conv2d(3, 4, 2, 2), block, head(4))


@case((1, 1, 8, 8))
def unet():
    """An encoder, a decoder of transposed convolutions, and the skip between them."""
    return Apply(lambda m, x: (lambda skip: m.out(torch.cat([m.up(m.bottom(F.max_pool2d(skip, 2))), skip], 1)))(m.down(x)),
                 down=conv_bn(1, 3), bottom=conv_bn(3, 4), up=nn.ConvTranspose2d(4, 3, 2, 2), out=nn.Conv2d(6, 2, 1))


@case((1, 6, 2, 2), opset=11, **PRESERVE)
def dcgan_generator():
    return nn.Sequential(nn.ConvTranspose2d(6, 4, 4, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
                         nn.ConvTranspose2d(4, 4, 3, 2, 1, output_padding=1, groups=2), nn.LeakyReLU(0.2),
                         nn.ConvTranspose2d(4, 1, 3, 1, 2, dilation=2), nn.Tanh())


@case((1, 1, 6, 6), opset=12)
def super_resolution():
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.PixelShuffle(2))


@case((1, 3, 8, 8), opset=11)
def feature_pyramid():
    """Two levels joined by nearest neighbours; two outputs."""
    def forward(m, x):
        fine = m.first(x)
        coarse = m.second(fine)
        return m.lateral(fine) + F.interpolate(coarse, scale_factor=2, mode="nearest"), coarse
    return Apply(forward, first=conv_bn(3, 4, 3, 2), second=conv_bn(4, 4, 3, 2), lateral=nn.Conv2d(4, 4, 1))


@case((1, 3, 6, 6), opset=13)
def segmentation():
    """Bilinear growth both ways of aligning, and a class a pixel."""
    def forward(m, x):
        y = F.interpolate(m.features(x), size=(6, 6), mode="bilinear", align_corners=True)
        return F.interpolate(y, scale_factor=2.0, mode="bilinear", align_corners=False).softmax(1).argmax(1)
    return Apply(forward, features=nn.Sequential(conv_bn(3, 4, 3, 2), nn.Conv2d(4, 3, 1)))


@case((1, 2, 4, 4), opset=9)
def upsample_opset9():
    return nn.Sequential(nn.Conv2d(2, 3, 1), nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(3, 2, 3, padding=1))


@case((1, 4, 24), opset=13)
def audio():
    return nn.Sequential(nn.Conv1d(4, 6, 5, stride=2), nn.BatchNorm1d(6), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(6, 6, 3, dilation=2, padding=2, groups=3),
                         nn.ReLU(), nn.AvgPool1d(2), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(6, 4))


@case((1, 2, 4, 6, 6), opset=13)
def video():
    return nn.Sequential(nn.Conv3d(2, 4, 3, padding=1), nn.BatchNorm3d(4), nn.ReLU(), nn.MaxPool3d((2, 2, 2)), nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(4, 4))


@case((1, 3, 9, 9), opset=9)
def alexnet():
    return nn.Sequential(nn.Conv2d(3, 6, 3, 2), nn.ReLU(), nn.LocalResponseNorm(5, alpha=0.1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(24, 8), nn.ReLU(),
                         nn.Dropout(), nn.Linear(8, 4), nn.Softmax(1))


@case((2, 6), opset=13, do_constant_folding=False)
def tied_autoencoder():
    """The decoder's weights are the encoder's, transposed; the inner layer runs twice."""
    return Apply(lambda m, x: F.linear(m.inner(torch.relu(m.inner(torch.relu(m.encoder(x))))), m.encoder.weight.t()),
                 encoder=nn.Linear(6, 4), inner=nn.Linear(4, 4))


@case((3, 5), opset=13, dtype=torch.float64)
def double_precision():
    return nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3), nn.LogSoftmax(-1))


@case((1, 4), (1, 3), opset=13)
def two_inputs():
    return Apply(lambda m, x, y: m.joint(torch.cat([F.relu(m.left(x)), F.relu(m.right(y))], -1)),
                 left=nn.Linear(4, 5), right=nn.Linear(3, 5), joint=nn.Linear(10, 3))
