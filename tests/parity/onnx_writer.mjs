// SPDX-License-Identifier: Apache-2.0
// Writes networks as ONNX models. ONNX files are protocol buffers; the numbers below are field numbers of onnx.proto3.
const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;  // TensorProto.DataType

/** Builds a protocol buffer message. */
class Message {
  constructor() {
    this.chunks = [];
  }

  varint(value) {
    const bytes = [];
    for (let rest = BigInt(value); ; rest >>= 7n) {
      if (rest < 128n) {
        bytes.push(Number(rest));
        break;
      }
      bytes.push(Number(rest & 127n) | 128);
    }
    this.chunks.push(Buffer.from(bytes));
    return this;
  }

  integer(field, value) {
    return this.varint(field << 3).varint(value);
  }

  float(field, value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.varint(field << 3 | 5).chunks.push(bytes);
    return this;
  }

  bytes(field, value) {
    this.varint(field << 3 | 2).varint(value.length).chunks.push(value);
    return this;
  }

  string(field, value) {
    return this.bytes(field, Buffer.from(value));
  }

  message(field, value) {
    return this.bytes(field, value.finish());
  }

  finish() {
    return Buffer.concat(this.chunks);
  }
}

function tensor(name, dims, values) {
  const message = new Message();
  for (const dim of dims) message.integer(1, dim);
  return message.integer(2, FLOAT).string(8, name)
    .bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
}

function attribute(name, value) {
  const message = new Message().string(1, name);
  if (Array.isArray(value)) {
    for (const number of value) message.integer(8, number);
    return message.integer(20, 7);  // INTS
  }
  if (Number.isInteger(value)) return message.integer(3, value).integer(20, 2);  // INT
  return message.float(2, value).integer(20, 1);  // FLOAT
}

function node(opType, inputs, output, attributes = {}) {
  const message = new Message();
  for (const input of inputs) message.string(1, input);
  message.string(2, output).string(3, output).string(4, opType);
  for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value));
  return message;
}

function valueInfo(name, dims) {
  const shape = new Message();
  for (const dim of dims) shape.message(1, new Message().integer(1, dim));
  const type = new Message().integer(1, FLOAT).message(2, shape);
  return new Message().string(1, name).message(2, new Message().message(1, type));
}

/** Converts weights [height, width, in, out] to [out, in, height, width]. */
function toOihw({kernel, groupChannels, channels, weights}) {
  const transposed = new Float32Array(weights.length);
  const cells = kernel * kernel;
  for (let cell = 0; cell < cells; ++cell) {
    for (let i = 0; i < groupChannels; ++i) {
      for (let o = 0; o < channels; ++o) {
        transposed[(o * groupChannels + i) * cells + cell] = weights[(cell * groupChannels + i) * channels + o];
      }
    }
  }
  return transposed;
}

const windowAttributes = ({kernel, stride, dilation, pads: [top, bottom, left, right]}) => ({
  kernel_shape: [kernel, kernel], strides: [stride, stride], dilations: [dilation, dilation],
  pads: [top, left, bottom, right],
});

function writeConv(graph, layer, output) {
  const {name, channels, kernel, groupChannels} = layer;
  const constant = (suffix, dims, values) => {
    graph.message(5, tensor(`${name}/${suffix}`, dims, values));
    return `${name}/${suffix}`;
  };
  const inputs = [layer.input.name, constant('w', [channels, groupChannels, kernel, kernel], toOihw(layer))];
  const attributes = {...windowAttributes(layer), group: layer.depthwise ? channels : 1};
  if (layer.normalization === 'bias') {
    inputs.push(constant('b', [channels], layer.bias));
    graph.message(1, node('Conv', inputs, output, attributes));
    return;
  }
  const {scale, offset, mean, variance, epsilon} = layer.batchNorm;
  graph.message(1, node('Conv', inputs, `${name}/conv`, attributes));
  const parameters = [constant('scale', [channels], scale), constant('offset', [channels], offset),
                      constant('mean', [channels], mean), constant('variance', [channels], variance)];
  graph.message(1, node('BatchNormalization', [`${name}/conv`, ...parameters], output, {epsilon}));
}

/** Returns the bytes of an ONNX model that computes `network`'s outputs, named by their roles, from an NCHW input
 *  "image". */
export function writeOnnx(network) {
  const graph = new Message().string(2, 'posenet');
  const {image} = network;
  graph.message(11, valueInfo('image', [1, 3, image.height, image.width]));
  if (network.layers.some(layer => layer.activation === 'Relu6')) {
    graph.message(5, tensor('zero', [], Float32Array.of(0))).message(5, tensor('six', [], Float32Array.of(6)));
  }
  for (const layer of network.layers) {
    const before = layer.activation ? `${layer.name}/linear` : layer.name;
    if (layer.op === 'conv') {
      writeConv(graph, layer, before);
    } else if (layer.op === 'maxPool') {
      const {dilations, ...attributes} = windowAttributes(layer);
      graph.message(1, node('MaxPool', [layer.input.name], before, attributes));
    } else {
      graph.message(1, node('Add', [layer.input.name, layer.other.name], before));
    }
    if (layer.activation === 'Relu') graph.message(1, node('Relu', [before], layer.name));
    if (layer.activation === 'Relu6') graph.message(1, node('Clip', [before, 'zero', 'six'], layer.name));
  }
  for (const [role, {name, height, width, channels}] of Object.entries(network.outputs)) {
    graph.message(1, node('Identity', [name], role));
    graph.message(12, valueInfo(role, [1, channels, height, width]));
  }
  return new Message().integer(1, IR_VERSION).string(2, 'tests/parity').message(7, graph)
    .message(8, new Message().string(1, '').integer(2, OPSET)).finish();
}
