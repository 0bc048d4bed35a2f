#!/usr/bin/env python3
"""Cuts the sample images of samples/fashion-mnist out of Debian's dataset-fashion-mnist.

    make_fashion_samples.py --out samples/fashion-mnist

Writes the first two test images of each class (IDX, gzip, with labels; and the first of each class as PNG), and the
first ten training images of each class for calibration. Nothing is picked by result. The files are byte-identical each time.
"""
import argparse
import gzip
import os
import struct
import zlib

import numpy as np

from train_fashion_mnist import LABELS, load


def first_of_each_class(labels, count):
    return sorted(int(i) for c in range(10) for i in np.flatnonzero(labels == c)[:count])


def write_idx(path, array):
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    with open(path, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as stream:
        stream.write(header + array.tobytes())


def write_png(path, image):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width = image.shape
    rows = b"".join(b"\0" + image[y].tobytes() for y in range(height))
    with open(path, "wb") as stream:
        stream.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    os.makedirs(os.path.join(out, "png"), exist_ok=True)

    images, labels = load("t10k")
    chosen = first_of_each_class(labels, 2)
    write_idx(os.path.join(out, "test-images-idx3-ubyte.gz"), images[chosen])
    write_idx(os.path.join(out, "test-labels-idx1-ubyte.gz"), labels[chosen])
    for index in first_of_each_class(labels, 1):
        name = LABELS[labels[index]].lower().replace("/", "-").replace(" ", "-")
        write_png(os.path.join(out, "png", f"{name}.png"), images[index])

    images, labels = load("train")
    chosen = first_of_each_class(labels, 10)
    write_idx(os.path.join(out, "calibration-images-idx3-ubyte.gz"), images[chosen])
    write_idx(os.path.join(out, "calibration-labels-idx1-ubyte.gz"), labels[chosen])


if __name__ == "__main__":
    main()
