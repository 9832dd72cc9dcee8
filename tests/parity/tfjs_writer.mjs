// SPDX-License-Identifier: Apache-2.0
// Writes networks as TensorFlow.js graph models: model.json and one file of weights.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

const text = value => ({s: Buffer.from(value).toString('base64')});
const integers = values => ({list: {i: values.map(String)}});

class Graph {
  constructor() {
    this.nodes = [];
    this.entries = [];
    this.weights = [];
  }

  node(op, name, input, attr = {}) {
    this.nodes.push({name, op, input, attr: {T: {type: 'DT_FLOAT'}, ...attr}});
    return name;
  }

  constant(name, shape, values) {
    this.node('Const', name, []);
    this.entries.push({name, shape, dtype: values instanceof Int32Array ? 'int32' : 'float32'});
    this.weights.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    return name;
  }

  write(folder) {
    const file = join(folder, 'model.json');
    const model = {
      format: 'graph-model',
      generatedBy: 'tests/parity',
      modelTopology: {node: this.nodes, library: {}, versions: {}},
      weightsManifest: [{paths: ['group1-shard1of1.bin'], weights: this.entries}],
    };
    writeFileSync(file, JSON.stringify(model));
    writeFileSync(join(folder, 'group1-shard1of1.bin'), Buffer.concat(this.weights));
    return file;
  }
}

/** Adds a Pad before a window whose padding is not TensorFlow's SAME. */
function padded(graph, layer, input) {
  if (layer.padding === 'SAME') return input;
  const [top, bottom, left, right] = layer.padding;
  const paddings = graph.constant(`${layer.name}/Pad/paddings`, [4, 2],
                                  Int32Array.of(0, 0, top, bottom, left, right, 0, 0));
  return graph.node('Pad', `${layer.name}/Pad`, [input, paddings]);
}

const windowAttributes = layer => ({
  strides: integers([1, layer.stride, layer.stride, 1]),
  padding: text(layer.padding === 'SAME' ? 'SAME' : 'VALID'),
  data_format: text('NHWC'),
});

/** A dilated convolution as TensorFlow 1 exports it: for images of one size, on a batch of interleaved pixels. */
function batchedConv(graph, layer, op, input, weights) {
  const {dilation, pads: [top, bottom, left, right]} = layer;
  const missing = extent => (dilation - extent % dilation) % dilation;
  const rows = missing(layer.input.height + top + bottom);
  const columns = missing(layer.input.width + left + right);
  const constant = (name, shape, ...values) => graph.constant(`${layer.name}/${name}`, shape, Int32Array.from(values));
  const block = constant('block_shape', [2], dilation, dilation);
  const paddings = constant('paddings', [2, 2], top, bottom + rows, left, right + columns);
  const crops = constant('crops', [2, 2], 0, rows, 0, columns);
  const batches = graph.node('SpaceToBatchND', `${layer.name}/SpaceToBatchND`, [input, block, paddings]);
  const attributes = {...windowAttributes(layer), padding: text('VALID')};
  const conv = graph.node(op, `${layer.name}/${op}`, [batches, weights], attributes);
  return graph.node('BatchToSpaceND', `${layer.name}/BatchToSpaceND`, [conv, block, crops]);
}

function normalized(graph, layer, value) {
  const {name, channels} = layer;
  if (layer.normalization === 'bias') {
    return graph.node('BiasAdd', `${name}/BiasAdd`, [value, graph.constant(`${name}/biases`, [channels], layer.bias)]);
  }
  const {scale, offset, mean, variance, epsilon} = layer.batchNorm;
  const constant = (suffix, values) => graph.constant(`${name}/BatchNorm/${suffix}`, [channels], values);
  const inputs = [value, constant('gamma', scale), constant('beta', offset), constant('moving_mean', mean),
                  constant('moving_variance', variance)];
  return graph.node('FusedBatchNormV3', `${name}/BatchNorm/FusedBatchNormV3`, inputs,
                    {epsilon: {f: epsilon}, is_training: {b: false}});
}

function writeConv(graph, layer, input, form) {
  const {name, kernel, groupChannels, channels} = layer;
  const shape = layer.depthwise ? [kernel, kernel, channels, 1] : [kernel, kernel, groupChannels, channels];
  const weights = graph.constant(`${name}/weights`, shape, layer.weights);
  const op = layer.depthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
  if (layer.dilation > 1 && form === 'spaceToBatch') {
    return normalized(graph, layer, batchedConv(graph, layer, op, input, weights));
  }
  const attributes = {...windowAttributes(layer), dilations: integers([1, layer.dilation, layer.dilation, 1])};
  return normalized(graph, layer, graph.node(op, `${name}/${op}`, [padded(graph, layer, input), weights], attributes));
}

/** Writes `network` to `folder` and returns the path of its model.json. Dilations have the form 'attribute' or
 *  'spaceToBatch'. */
export function writeTfjs(network, folder, form) {
  const graph = new Graph();
  const nodes = {image: graph.node('Placeholder', 'image', [])};  // The node that holds each value.
  for (const layer of network.layers) {
    const input = nodes[layer.input.name];
    let node;
    if (layer.op === 'conv') {
      node = writeConv(graph, layer, input, form);
    } else if (layer.op === 'maxPool') {
      const ksize = integers([1, layer.kernel, layer.kernel, 1]);
      node = graph.node('MaxPool', `${layer.name}/MaxPool`, [input], {ksize, ...windowAttributes(layer)});
    } else {
      node = graph.node('AddV2', `${layer.name}/add`, [input, nodes[layer.other.name]]);
    }
    if (layer.activation) node = graph.node(layer.activation, `${layer.name}/${layer.activation}`, [node]);
    nodes[layer.name] = node;
  }
  return graph.write(folder);
}
