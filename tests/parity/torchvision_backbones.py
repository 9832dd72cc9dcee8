# SPDX-License-Identifier: Apache-2.0
"""Proves our backbones and the reader of PyTorch's files against torchvision: networks of random weights, with random
statistics of their batch normalization, are saved in both formats of torch.save, read and run by us, and compared.

    python3 torchvision_backbones.py RUN_BACKBONE [SEED]

RUN_BACKBONE is the program made from run_backbone.cc. Exit status: 0, 1 when features differ, 77 without torchvision.
"""
import pathlib
import subprocess
import sys
import tempfile

try:
    import torch
    import torchvision
except ImportError as error:
    print(f'skipped: {error}')
    sys.exit(77)

# Not square, and not a multiple of any stride.
HEIGHT = 161
WIDTH = 129
# Of the largest feature. Sums in another order, of up to 9216 float32 products, 34 layers deep, differ by some 1e-6.
TOLERANCE = 1e-4

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def googlenet():
    return torchvision.models.googlenet(weights=None, transform_input=True, init_weights=False)


def resnet34():
    return torchvision.models.resnet34(weights=None)


# Backbone, its maker, and the modules whose results are our outputs.
CASES = [
    ('googlenet-bn', googlenet,
     {'features': 'inception5b', 'auxiliary0': 'inception4a', 'auxiliary1': 'inception4d'}),
    ('resnet34', resnet34, {'features': 'layer4'}),
]


def randomize(network):
    """Gives every batch normalization numbers that folding must get right."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0.0, 0.2)
            module.running_mean.normal_(0.0, 0.3)
            module.running_var.uniform_(0.5, 2.0)
    return network.eval()


def run_torch(network, modules, pixels):
    """What `modules` answer to pixels from 0 to 255, [1, 3, HEIGHT, WIDTH]."""
    results = {}
    for output, name in modules.items():
        network.get_submodule(name).register_forward_hook(
            lambda module, inputs, result, output=output: results.update({output: result}))
    with torch.no_grad():
        network((pixels / 255.0 - MEAN) / DEVIATION)
    return results


def run_ours(program, backbone, weights, pixels, folder):
    picture = folder / 'picture.f32'
    picture.write_bytes(pixels[0].permute(1, 2, 0).contiguous().numpy().tobytes())
    lines = subprocess.run([program, backbone, weights, picture, str(HEIGHT), str(WIDTH), folder],
                           check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    results = {}
    for line in lines:
        name, height, width, channels = line.split()
        numbers = torch.frombuffer(bytearray((folder / f'{name}.f32').read_bytes()), dtype=torch.float32)
        results[name] = numbers.view(1, int(height), int(width), int(channels)).permute(0, 3, 1, 2)
    return results


def check(program, backbone, make, modules, folder):
    network = randomize(make())
    pixels = torch.rand(1, 3, HEIGHT, WIDTH) * 255.0
    state = network.state_dict()
    files = {'archive': state, 'sequence': state,
             'wrapped': {'epoch': 1, 'state_dict': {f'module.{name}': tensor for name, tensor in state.items()}}}
    expected = run_torch(network, modules, pixels)
    passed = True
    for kind, content in files.items():
        weights = folder / f'{backbone}-{kind}.pth'
        torch.save(content, weights, _use_new_zipfile_serialization=kind != 'sequence')
        ours = run_ours(program, backbone, weights, pixels, folder)
        for output, features in expected.items():
            if ours[output].shape != features.shape:
                print(f'FAILED {backbone} {kind} {output}: shape {ours[output].shape}, expected {features.shape}')
                passed = False
                continue
            error = ((ours[output] - features).abs().max() / features.abs().max()).item()
            fits = error <= TOLERANCE
            passed = passed and fits
            print(f'{"ok    " if fits else "FAILED"} {backbone} {kind} {output}: {error:.1e}')
        weights.unlink()
    return passed


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit('usage: python3 torchvision_backbones.py RUN_BACKBONE [SEED]')
    torch.manual_seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory(prefix='posenet-parity-') as folder:
        results = [check(sys.argv[1], *case, pathlib.Path(folder)) for case in CASES]
    sys.exit(0 if all(results) else 1)


if __name__ == '__main__':
    main()
