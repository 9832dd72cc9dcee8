# SPDX-License-Identifier: Apache-2.0
"""Prints the images a second that PyTorch learns from: MobileNetV1 1.0 without batch normalization, a layer of 2048
units and the two regressors of PoseNet, at 256x192 in batches of 32; the median of some steps after a few slow ones."""

import statistics
import time

import torch
from torch import nn

BATCH, HEIGHT, WIDTH = 32, 192, 256
SLOW_STEPS, STEPS = 3, 8
BLOCKS = [(1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512), *[(1, 512)] * 5, (2, 1024), (1, 1024)]


def make_network():
    layers = [nn.Conv2d(3, 32, 3, 2, 1), nn.ReLU6(inplace=True)]
    channels = 32
    for stride, wider in BLOCKS:
        layers += [nn.Conv2d(channels, channels, 3, stride, 1, groups=channels), nn.ReLU6(inplace=True)]
        layers += [nn.Conv2d(channels, wider, 1), nn.ReLU6(inplace=True)]
        channels = wider
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 2048), nn.ReLU(inplace=True), nn.Dropout(0.2)]
    return nn.Sequential(*layers, nn.Linear(2048, 7)).to(memory_format=torch.channels_last)


def main():
    network = make_network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-5)
    photos = torch.rand(BATCH, 3, HEIGHT, WIDTH).contiguous(memory_format=torch.channels_last)
    poses = torch.rand(BATCH, 7)
    seconds = []
    for _ in range(SLOW_STEPS + STEPS):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        (network(photos) - poses).abs().sum(1).mean().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    print(f"{BATCH / statistics.median(seconds[SLOW_STEPS:]):.1f}", end="")


if __name__ == "__main__":
    main()
