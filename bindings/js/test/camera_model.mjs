// SPDX-License-Identifier: Apache-2.0
// A small camera model for tests, in the format of docs/reference/model-format.md: a few layers of each kind that camera
// networks have, with generated weights. Its poses are meaningless, but must be the same in every engine.
import {createHash} from 'node:crypto';

export const SCENE = {name: 'generated', isMetric: true, sequenceLength: 1};

const SIZE = [48, 64]; // Rows and columns of the input.

/** Numbers in [-1, 1] from a linear congruential generator. */
function randomNumbers(count, seed) {
  let state = seed;
  return Float32Array.from({length: count}, () => (state = state * 48271 % 2147483647) / 1073741823.5 - 1);
}

class Builder {
  tensors = new Map(); // By name: [shape, values].
  layers = [];

  tensor(name, shape, spread) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const values = randomNumbers(count, 1 + this.tensors.size * 7919).map(value => value * spread);
    this.tensors.set(name, [shape, values]);
    return name;
  }

  /** Appends a layer. Returns the index of its value. */
  add(name, op, inputs, fields) {
    this.layers.push({name, op, inputs, ...fields});
    return this.layers.length;
  }

  conv(name, input, channels, outChannels, stride) {
    return this.add(name, 'conv2d', [input], {
      kernel: [3, 3], stride: [stride, stride], dilation: [1, 1], padding: 'same', out_channels: outChannels, groups: 1,
      weights: this.tensor(`${name}/weights`, [3, 3, channels, outChannels], Math.sqrt(2 / (9 * channels))),
      bias: this.tensor(`${name}/bias`, [outChannels], 0.1), activation: 'relu'});
  }

  dense(name, input, count, outChannels, activation) {
    return this.add(name, 'fully_connected', [input], {
      out_channels: outChannels, weights: this.tensor(`${name}/weights`, [count, outChannels], 2 / Math.sqrt(count)),
      bias: this.tensor(`${name}/bias`, [outChannels], 0.2), activation});
  }
}

function specOf(builder) {
  let value = builder.conv('conv1', 0, 3, 16, 2);
  value = builder.add('norm', 'local_response_norm', [value], {size: 5, alpha: 0.1, beta: 0.75, k: 1});
  const branches = [builder.conv('left', value, 16, 24, 1), builder.conv('right', value, 16, 8, 1)];
  value = builder.add('join', 'concat', branches, {});
  value = builder.add('pool', 'pool', [value], {
    kind: 'max', kernel: [3, 3], stride: [2, 2], dilation: [1, 1], padding: 'same'});
  const features = builder.dense('features', value, 12 * 16 * 32, 64, 'relu');
  value = builder.add('dropout', 'dropout', [features], {rate: 0.5});
  const position = builder.dense('position', value, 64, 3, 'none');
  const rotation = builder.dense('rotation', value, 64, 4, 'none');
  return {
    name: 'tiny-camera', architecture: 'tiny', task: 'camera-pose', output_stride: 0,
    input: {scale: 1 / 128, bias: [-1, -1, -1], size: SIZE, fit: 'crop', resample: 'antialiased'},
    source: 'a test', license: 'Apache-2.0',
    camera: {
      scene: SCENE.name, rotation: 'quaternion', origin: [1.5, 0, -2], scale: 2, base_rotation: [0.6, 0, 0.8, 0],
      lengths: 'meters', crop_share: 0.875, sequence_length: SCENE.sequenceLength},
    network: {
      input_channels: 3, layers: builder.layers,
      outputs: [{name: 'features', value: features}, {name: 'position', value: position}, {name: 'rotation', value: rotation}]},
  };
}

/** Returns the bytes of the model file. */
export function cameraModel() {
  const builder = new Builder();
  const spec = specOf(builder);
  const names = [...builder.tensors.keys()].sort();
  const data = Buffer.concat(names.map(name => Buffer.from(builder.tensors.get(name)[1].buffer)));
  const header = {__metadata__: {
    'posenet.format': '1', 'posenet.model': JSON.stringify(spec),
    'posenet.sha256': createHash('sha256').update(data).digest('hex')}};
  let offset = 0;
  for (const name of names) {
    const [shape, values] = builder.tensors.get(name);
    header[name] = {dtype: 'F32', shape, data_offsets: [offset, offset += values.byteLength]};
  }
  const text = JSON.stringify(header);
  const padded = Buffer.from(text.padEnd(Math.ceil((text.length + 8) / 64) * 64 - 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, data]);
}
