#!/usr/bin/env python3
"""Exports small PyTorch models to ONNX, with inputs and the outputs that PyTorch computes for them.

    export.py --out tests/models [--only NAME ...]

Each model becomes a folder in the layout of ONNX's own test data:

    NAME/model.onnx
    NAME/test_data_set_0/input_0.pb, output_0.pb, ...    (TensorProto)

Needs Debian's python3-torch (1.13) and no onnx package. Weights and inputs come from a seed of the model's own, so the
same release of PyTorch writes the same files, and a new model leaves the others as they are.
"""
import argparse
import os
import shutil
import warnings
import zlib

import torch

import architectures  # noqa: F401  (fills CASES)
import attention  # noqa: F401
import operators  # noqa: F401
from case import CASES

ELEMENT_TYPES = {torch.float32: 1, torch.int64: 7, torch.bool: 9, torch.float64: 11}


def varint(number):
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    return bytes(encoded + bytes([number]))


def tensor_proto(tensor):
    """onnx.TensorProto: 1 = dims, 2 = data_type, 9 = raw_data."""
    raw = tensor.contiguous().numpy().tobytes()
    dims = b"".join(b"\x08" + varint(size) for size in tensor.shape)
    return dims + b"\x10" + varint(ELEMENT_TYPES[tensor.dtype]) + b"\x4a" + varint(len(raw)) + raw


def write(path, tensors, kind):
    for index, tensor in enumerate(tensors):
        with open(os.path.join(path, f"{kind}_{index}.pb"), "wb") as stream:
            stream.write(tensor_proto(tensor.detach()))


def randomize(model):
    """Statistics and scales that a trained model would have; a fresh layer's zeros and ones hide mistakes."""
    for module in model.modules():
        if isinstance(getattr(module, "running_var", None), torch.Tensor):
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.5, 1.5)
    for name, parameter in model.named_parameters():
        if parameter.dim() < 2:
            low, high = (0.7, 1.3) if name.endswith("weight") else (-0.3, 0.3)
            torch.nn.init.uniform_(parameter, low, high)


def make_input(case, shape):
    return torch.randint(case.tokens, shape) if case.tokens else torch.rand(shape, dtype=case.dtype) * 2 - 1


def export(case, out):
    torch.manual_seed(zlib.crc32(case.name.encode()))
    model = case.build().eval().to(case.dtype)
    with torch.no_grad():
        randomize(model)
        inputs = tuple(make_input(case, shape) for shape in case.shapes)
        result = model(*inputs)
        outputs = [result] if isinstance(result, torch.Tensor) else list(result)

        folder = os.path.join(out, case.name)
        shutil.rmtree(folder, ignore_errors=True)
        data = os.path.join(folder, "test_data_set_0")
        os.makedirs(data)
        torch.onnx.export(torch.jit.script(model) if case.scripted else model, inputs, os.path.join(folder, "model.onnx"),
                          opset_version=case.opset, **case.options)
    write(data, inputs, "input")
    write(data, outputs, "output")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", nargs="+", metavar="NAME")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    for case in CASES:
        if not options.only or case.name in options.only:
            export(case, options.out)
            print(f"{case.name}: {os.path.getsize(os.path.join(options.out, case.name, 'model.onnx'))} bytes")


if __name__ == "__main__":
    main()
