#!/usr/bin/env python3
"""Trains the Fashion-MNIST CNN of "Sharing ReLUs" (paper 001, Table 4) and exports it to ONNX.

    train_fashion_mnist.py --out samples/fashion-mnist [--batch-norm] [--epochs 12]

Needs Debian's python3-torch and dataset-fashion-mnist (the data set is read from
/usr/share/datasets/fashion-mnist). The model takes pixels divided by 255, shape [N, 1, 28, 28],
and returns ten logits. Training uses random shifts and flips; the exported model has none of that.
"""
import argparse
import gzip
import json
import os
import struct
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

DATA = "/usr/share/datasets/fashion-mnist"
LABELS = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
          "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


def read_idx(path):
    """Reads an IDX file of unsigned bytes (gzip)."""
    with gzip.open(path, "rb") as stream:
        zero, kind, rank = struct.unpack(">HBB", stream.read(4))
        if zero != 0 or kind != 8:
            raise SystemExit(f"{path}: not an IDX file of unsigned bytes")
        shape = struct.unpack(f">{rank}I", stream.read(4 * rank))
        return np.frombuffer(stream.read(), dtype=np.uint8).reshape(shape)


def load(split):
    images = read_idx(os.path.join(DATA, f"{split}-images-idx3-ubyte.gz"))
    labels = read_idx(os.path.join(DATA, f"{split}-labels-idx1-ubyte.gz"))
    return images, labels


class FashionCnn(nn.Module):
    """Table 4 of paper 001; with batch normalisation after each convolution when asked for."""

    def __init__(self, batch_norm):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1, bias=not batch_norm)
        self.bn1 = nn.BatchNorm2d(32) if batch_norm else nn.Identity()
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1, bias=not batch_norm)
        self.bn2 = nn.BatchNorm2d(64) if batch_norm else nn.Identity()
        self.dropout = nn.Dropout(0.4)
        self.fc1 = nn.Linear(3136, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = self.dropout(torch.flatten(x, 1))
        x = self.dropout(F.relu(self.fc1(x)))
        return self.fc2(x)


def augment(batch, generator):
    """A random horizontal flip per image and one random shift of up to two pixels per batch."""
    flip = torch.rand(batch.shape[0], generator=generator) < 0.5
    batch = torch.where(flip[:, None, None, None], batch.flip(3), batch)
    dy, dx = (int(v) for v in torch.randint(-2, 3, (2,), generator=generator))
    return F.pad(batch, (2, 2, 2, 2))[:, :, 2 + dy:30 + dy, 2 + dx:30 + dx]


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        hits = sum(int((model(images[i:i + 1000]).argmax(1) == labels[i:i + 1000]).sum())
                   for i in range(0, len(images), 1000))
    return hits / len(images)


def train(model, images, labels, epochs, batch_size, generator):
    steps = epochs * ((len(images) + batch_size - 1) // batch_size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    for epoch in range(epochs):
        model.train()
        started, total = time.time(), 0.0
        order = torch.randperm(len(images), generator=generator)
        for i in range(0, len(order), batch_size):
            index = order[i:i + batch_size]
            optimizer.zero_grad()
            loss = F.cross_entropy(model(augment(images[index], generator)), labels[index])
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(index)
        print(f"epoch {epoch + 1}/{epochs}: loss {total / len(images):.4f}, {time.time() - started:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the ONNX file and its training record")
    parser.add_argument("--batch-norm", action="store_true", help="batch normalisation after each convolution")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minimum", type=float, default=0.91, help="fail below this test accuracy")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    train_images, train_labels = load("train")
    test_images, test_labels = load("t10k")
    as_input = lambda a: torch.from_numpy(a.astype(np.float32) / 255).unsqueeze(1)
    as_label = lambda a: torch.from_numpy(a.astype(np.int64))

    model = FashionCnn(options.batch_norm)
    train(model, as_input(train_images), as_label(train_labels), options.epochs, options.batch_size, generator)
    reached = accuracy(model, as_input(test_images), as_label(test_labels))
    print(f"test accuracy {reached:.4f}")
    if reached < options.minimum:
        raise SystemExit(f"test accuracy {reached:.4f} is below the minimum {options.minimum}")

    name = "fashion-mnist-bn" if options.batch_norm else "fashion-mnist"
    os.makedirs(options.out, exist_ok=True)
    # TrainingMode.PRESERVE on a model in eval mode keeps batch normalisation as a node of its own,
    # so that the compiler's folding pass has something real to fold.
    torch.onnx.export(model.eval(), torch.zeros(1, 1, 28, 28), os.path.join(options.out, name + ".onnx"),
                      input_names=["image"], output_names=["logits"], opset_version=13,
                      dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}},
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    record = {"architecture": "paper 001, Table 4" + (" with batch normalisation" if options.batch_norm else ""),
              "test_accuracy": reached, "epochs": options.epochs, "batch_size": options.batch_size,
              "seed": options.seed, "torch": torch.__version__, "labels": LABELS}
    with open(os.path.join(options.out, name + ".json"), "w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=2)
        stream.write("\n")


if __name__ == "__main__":
    main()
