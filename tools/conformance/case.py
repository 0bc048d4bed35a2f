"""The list of models, filled by the decorator @case."""
from typing import Callable, NamedTuple, Tuple

import torch
from torch import nn


class Case(NamedTuple):
    name: str
    build: Callable[[], nn.Module]
    shapes: Tuple[Tuple[int, ...], ...]
    opset: int
    options: dict
    """More arguments of torch.onnx.export."""
    scripted: bool
    """Whether the model is exported as TorchScript, with its control flow, and not by tracing one run."""
    dtype: torch.dtype
    tokens: int
    """For inputs of integers: how many different ones there are."""


CASES = []


def case(*shapes, opset=13, scripted=False, dtype=torch.float32, tokens=0, **options):
    """Adds the model that the decorated function or class makes. A model's name is the function's or the class's."""
    def add(build):
        CASES.append(Case(build.__name__.strip("_"), build, shapes, opset, options, scripted, dtype, tokens))
        return build
    return add


class Apply(nn.Module):
    """A module of a function, with the modules it uses."""
    def __init__(self, function, **modules):
        super().__init__()
        self.function = function
        for name, module in modules.items():
            setattr(self, name, module)

    def forward(self, *inputs):
        return self.function(self, *inputs)


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Branches(nn.ModuleList):
    """Several modules on the same input, their results concatenated along the channels."""
    def forward(self, x):
        return torch.cat([branch(x) for branch in self], 1)
