# SPDX-License-Identifier: Apache-2.0
# Quantizes a float ONNX file of ours uniformly, as most engines expect: per-layer uint8 activations (255 steps; ReLU6
# from 0 to 6, the image from -1 to 1, each output map from its minimum to its maximum), per-channel int8 weights, int32
# biases, and QLinearConv from the image to the maps.
#
#   python3 quantize_onnx.py FLOAT.onnx MAPS_FOLDER INT8.onnx
#
# MAPS_FOLDER holds the maps of the float network for an image as float32, NAME.f32, from which the ranges of the maps are
# taken.
import pathlib
import sys

import numpy
import onnx
from onnx import helper, numpy_helper

STEPS = 255


def unit_and_zero(low, high):
    """Returns the scale and the zero point of uint8 for values from low to high."""
    unit = (high - low) / STEPS
    return numpy.float32(unit), numpy.uint8(round(-low / unit))


class Quantizer:
    def __init__(self, model):
        self.graph = model.graph
        self.constants = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
        self.nodes = []
        self.initializers = []
        self.activations = {}  # Scales of values by name.

    def constant(self, name, value):
        self.initializers.append(numpy_helper.from_array(numpy.asarray(value), name))
        return name

    def quantized(self, name, low, high):
        unit, zero = unit_and_zero(low, high)
        self.constant(name + "/unit", unit)
        self.constant(name + "/zero", zero)
        self.activations[name] = unit
        return [name + "/unit", name + "/zero"]

    def convolution(self, node, result, low, high):
        source, weights_name, bias_name = node.input
        weights = self.constants[weights_name]
        bias = self.constants[bias_name]
        # For channels with tiny weights, the scale is limited so that the bias fits 31 bits.
        units = numpy.maximum(numpy.abs(weights).max(axis=(1, 2, 3)) / 127,
                              numpy.abs(bias) / self.activations[source] / 2**30)
        units = numpy.where(units > 0, units, 1).astype(numpy.float32)
        whole = numpy.round(weights / units[:, None, None, None]).astype(numpy.int8)
        bias = numpy.round(bias / (units * self.activations[source])).astype(numpy.int32)
        name = node.name
        inputs = [source + "/whole", source + "/unit", source + "/zero",
                  self.constant(name + "/weights", whole), self.constant(name + "/units", units),
                  self.constant(name + "/zeros", numpy.zeros(len(units), numpy.int8)),
                  *self.quantized(result, low, high), self.constant(name + "/bias", bias)]
        convolution = helper.make_node("QLinearConv", inputs, [result + "/whole"], name=name)
        convolution.attribute.extend(node.attribute)
        self.nodes.append(convolution)

    def run(self, maps_folder):
        image = self.graph.input[0].name
        parameters = self.quantized(image, -1, 1)
        self.nodes.append(helper.make_node("QuantizeLinear", [image, *parameters], [image + "/whole"]))
        outputs = {each.name for each in self.graph.output}
        readers = {name: node for node in self.graph.node for name in node.input}
        for node in self.graph.node:
            if node.op_type == "Clip":
                continue
            if node.op_type != "Conv":
                raise ValueError(f"{node.name}: expected Conv or Clip, got {node.op_type}")
            result = node.output[0]
            if result in outputs:
                values = numpy.fromfile(maps_folder / (result + ".f32"), numpy.float32)
                self.convolution(node, result, min(values.min(), 0), max(values.max(), 0))
                inputs = [result + suffix for suffix in ("/whole", "/unit", "/zero")]
                self.nodes.append(helper.make_node("DequantizeLinear", inputs, [result]))
                continue
            clip = readers[result]
            if clip.op_type != "Clip" or [float(self.constants[name]) for name in clip.input[1:]] != [0, 6]:
                raise ValueError(f"{node.name}: expected ReLU6 behind it")
            # Whole numbers of 0 to 255 are ReLU6 by themselves.
            self.convolution(node, clip.output[0], 0, 6)
        graph = helper.make_graph(self.nodes, self.graph.name, self.graph.input, self.graph.output, self.initializers)
        return graph


def main(arguments):
    if len(arguments) != 3:
        print("usage: python3 quantize_onnx.py FLOAT.onnx MAPS_FOLDER INT8.onnx", file=sys.stderr)
        return 2
    model = onnx.load(arguments[0])
    graph = Quantizer(model).run(pathlib.Path(arguments[1]))
    quantized = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(quantized, full_check=True)
    onnx.save(quantized, arguments[2])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
