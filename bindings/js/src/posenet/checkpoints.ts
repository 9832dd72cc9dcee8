// SPDX-License-Identifier: Apache-2.0
// The weights in this package that TensorFlow.js PoseNet has, too: with its graphs. The URLs are written out, so that
// bundlers find them.
import type {PoseNetQuantBytes} from './types.js';

const FILES: Record<string, Record<PoseNetQuantBytes, URL>> = {
  'MobileNetV1 1': {
    4: new URL('../../models/mobilenet100-tfjs.safetensors', import.meta.url),
    2: new URL('../../models/mobilenet100-tfjs-bf16.safetensors', import.meta.url),
    1: new URL('../../models/mobilenet100-tfjs-int8.safetensors', import.meta.url),
  },
  'MobileNetV1 0.75': {
    4: new URL('../../models/mobilenet075.safetensors', import.meta.url),
    2: new URL('../../models/mobilenet075-bf16.safetensors', import.meta.url),
    1: new URL('../../models/mobilenet075-int8.safetensors', import.meta.url),
  },
};

/** Returns the URL of the weights of a network, such as "MobileNetV1 0.75", or undefined if the package lacks them. */
export function checkpoint(network: string, quantBytes: PoseNetQuantBytes): URL | undefined {
  return FILES[network]?.[quantBytes];
}
