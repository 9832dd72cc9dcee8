# SPDX-License-Identifier: Apache-2.0
# An ONNX file of ours as operator set 10 has it, with the bounds of Clip as attributes instead of inputs: what the
# OpenCV of Debian 12 (4.6) reads.
#
#   python3 clip_attributes.py MODEL.onnx OLD.onnx
import sys

import onnx
from onnx import helper, numpy_helper

OPERATOR_SET = 10


def main(arguments):
    if len(arguments) != 2:
        print("usage: python3 clip_attributes.py MODEL.onnx OLD.onnx", file=sys.stderr)
        return 2
    model = onnx.load(arguments[0])
    constants = {each.name: each for each in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "Clip":
            continue
        low, high = (float(numpy_helper.to_array(constants[name])) for name in node.input[1:])
        del node.input[1:]
        node.attribute.extend([helper.make_attribute("min", low), helper.make_attribute("max", high)])
    read = {name for node in model.graph.node for name in node.input}
    for name in constants.keys() - read:
        model.graph.initializer.remove(constants[name])
    model.opset_import[0].version = OPERATOR_SET
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, arguments[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
