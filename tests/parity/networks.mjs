// SPDX-License-Identifier: Apache-2.0
// PoseNets as lists of layers, with generated weights. Written from the papers and TensorFlow's code, not from our C++,
// so that errors in either are found.
import {uniform} from './random.mjs';

const BATCH_NORM_EPSILON = 1e-5;

/** TensorFlow's SAME padding for one axis, [before, after]: split evenly, with an odd pixel after. */
function same(extent, kernel, stride, dilation) {
  const output = Math.ceil(extent / stride);
  const total = Math.max((output - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/**
 * Layers in execution order. A value is {name, height, width, channels}, with the name of the layer that computes it;
 * the network's input is called "image". Padding is 'SAME' or [top, bottom, left, right]; layers also have it resolved
 * as `pads`.
 */
class Network {
  constructor({seed, height, width, normalization}) {
    this.seed = seed;
    this.normalization = normalization;  // After each convolution: 'bias' or 'batchNorm'.
    this.image = {name: 'image', height, width, channels: 3};
    this.layers = [];
    this.outputs = {};  // Value by role.
  }

  window(input, {kernel, stride = 1, dilation = 1, padding = 'SAME'}) {
    const pads = padding === 'SAME'
      ? [...same(input.height, kernel, stride, dilation), ...same(input.width, kernel, stride, dilation)]
      : padding;
    const extent = (size, before, after) =>
      Math.floor((size + before + after - ((kernel - 1) * dilation + 1)) / stride) + 1;
    return {
      kernel, stride, dilation, padding, pads,
      height: extent(input.height, pads[0], pads[1]), width: extent(input.width, pads[2], pads[3]),
    };
  }

  add(layer, channels) {
    this.layers.push(layer);
    return {name: layer.name, height: layer.height, width: layer.width, channels};
  }

  conv(name, input, {channels, depthwise = false, activation = null, normalization = this.normalization, ...window}) {
    const layer = {op: 'conv', name, input, depthwise, activation, ...this.window(input, window)};
    layer.channels = depthwise ? input.channels : channels;
    layer.groupChannels = depthwise ? 1 : input.channels;
    const fanIn = layer.kernel ** 2 * layer.groupChannels;
    const limit = Math.sqrt(6 / fanIn);  // He et al. 2015: preserves the variance through ReLUs.
    const random = (suffix, count, low, high) => uniform(this.seed, `${name}/${suffix}`, count, low, high);
    layer.weights = random('weights', fanIn * layer.channels, -limit, limit);  // [height, width, in, out]
    layer.normalization = normalization;
    if (normalization === 'bias') {
      layer.bias = random('biases', layer.channels, -0.1, 0.1);
    } else {
      layer.batchNorm = {
        epsilon: BATCH_NORM_EPSILON,
        scale: random('gamma', layer.channels, 0.5, 1.0),
        offset: random('beta', layer.channels, -0.1, 0.1),
        mean: random('moving_mean', layer.channels, -0.1, 0.1),
        variance: random('moving_variance', layer.channels, 0.5, 1.5),
      };
    }
    return this.add(layer, layer.channels);
  }

  maxPool(name, input, window) {
    return this.add({op: 'maxPool', name, input, ...this.window(input, window)}, input.channels);
  }

  sum(name, left, right) {
    const {height, width} = left;
    return this.add({op: 'sum', name, input: left, other: right, activation: 'Relu', height, width}, left.channels);
  }

  heads(value, names) {
    const channels = {heatmap: 17, offset: 34, displacement_fwd: 32, displacement_bwd: 32};
    for (const [role, name] of Object.entries(names)) {
      const options = {kernel: 1, channels: channels[role], normalization: 'bias'};
      this.outputs[role] = this.conv(name, value, options);
    }
  }
}

/**
 * Strides and dilations for an output stride: once it is reached, further strides become dilations of the following
 * layers (Chen et al. 2018, section 3.1).
 */
function atrous(outputStride) {
  let current = 1;
  let rate = 1;
  return stride => {
    if (current < outputStride) {
      current *= stride;
      return {stride, dilation: 1};
    }
    const step = {stride: 1, dilation: rate};
    rate *= stride;
    return step;
  };
}

/** MobileNetV1 (Howard et al. 2017, table 1). Multipliers below 1 end at stride 16, as in the released PoseNets. */
export function mobileNet({multiplier, outputStride, ...options}) {
  const network = new Network({normalization: 'bias', ...options});
  const last = multiplier < 1 ? [[1, 512], [1, 512]] : [[2, 1024], [1, 1024]];
  const blocks = [[1, 64], [2, 128], [1, 128], [2, 256], [1, 256], [2, 512],
                  [1, 512], [1, 512], [1, 512], [1, 512], [1, 512], ...last];
  const next = atrous(outputStride);
  const scope = 'MobilenetV1';
  const activation = 'Relu6';
  let value = network.conv(`${scope}/Conv2d_0`, network.image,
                           {kernel: 3, ...next(2), channels: 32 * multiplier, activation});
  blocks.forEach(([stride, channels], index) => {
    const name = `${scope}/Conv2d_${index + 1}`;
    value = network.conv(`${name}_depthwise`, value, {kernel: 3, ...next(stride), depthwise: true, activation});
    value = network.conv(`${name}_pointwise`, value, {kernel: 1, channels: channels * multiplier, activation});
  });
  network.heads(value, {
    offset: `${scope}/offset_2`, heatmap: `${scope}/heatmap_2`,
    displacement_fwd: `${scope}/displacement_fwd_2`, displacement_bwd: `${scope}/displacement_bwd_2`,
  });
  return network;
}

/** TF-slim pads strided windows by an amount that does not depend on the size of the image (conv2d_same). */
function slimPadding(kernel, {stride, dilation}) {
  if (stride === 1) return 'SAME';
  const total = (kernel - 1) * dilation;
  const before = Math.floor(total / 2);
  return [before, total - before, before, total - before];
}

/** TF-slim's ResNet-50 v1 (He et al. 2016): strides in the last unit of each block, subsampled shortcuts. */
export function resNet50({outputStride, ...options}) {
  const network = new Network({normalization: 'batchNorm', ...options});
  const next = atrous(outputStride);
  const scope = 'resnet_v1_50';
  const stem = next(2);
  let value = network.conv(`${scope}/conv1`, network.image,
                           {kernel: 7, ...stem, padding: slimPadding(7, stem), channels: 64, activation: 'Relu'});
  value = network.maxPool(`${scope}/pool1`, value, {kernel: 3, stride: next(2).stride});
  [[3, 64], [4, 128], [6, 256], [3, 512]].forEach(([units, base], index) => {
    for (let unit = 1; unit <= units; ++unit) {
      const step = next(unit === units && index < 3 ? 2 : 1);
      value = bottleneck(network, `${scope}/block${index + 1}/unit_${unit}/bottleneck_v1`, value, base, step);
    }
  });
  network.heads(value, {
    displacement_fwd: `${scope}/displacement_fwd_2`, displacement_bwd: `${scope}/displacement_bwd_2`,
    offset: 'float_short_offsets', heatmap: 'float_heatmaps',
  });
  return network;
}

function bottleneck(network, name, input, base, step) {
  const channels = 4 * base;
  const activation = 'Relu';
  let shortcut = input;
  if (input.channels !== channels) {
    shortcut = network.conv(`${name}/shortcut`, input, {kernel: 1, stride: step.stride, channels});
  } else if (step.stride > 1) {
    shortcut = network.maxPool(`${name}/shortcut`, input, {kernel: 1, stride: step.stride});
  }
  let value = network.conv(`${name}/conv1`, input, {kernel: 1, channels: base, activation});
  value = network.conv(`${name}/conv2`, value,
                       {kernel: 3, ...step, padding: slimPadding(3, step), channels: base, activation});
  value = network.conv(`${name}/conv3`, value, {kernel: 1, channels});
  return network.sum(name, shortcut, value);
}
