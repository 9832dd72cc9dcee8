// SPDX-License-Identifier: Apache-2.0
// Fixtures: sample images, models, and the results of the native command for the same pixels.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const require = createRequire(import.meta.url);
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The path of a model that scripts/fetch-models fetches. */
export const modelPath = name => join(root, 'models', `${name}.safetensors`);

/** The native command; POSENET_COMMAND overrides its path. */
export const command = process.env.POSENET_COMMAND ?? join(root, 'build/release/bin/posenet');

/** The URL path of a sample image on a server of the repository. */
export const imageUrl = name => `/models/node_modules/weights-mobilenet100/assets/${name}`;

export const imagePath = name => join(root, 'models/node_modules/weights-mobilenet100/assets', name);

/** The reason why tests with models cannot run; undefined if they can. */
export function skipReason() {
  if (!existsSync(new URL('../dist/wasm/posenet.wasm', import.meta.url))) return 'dist/wasm is missing; run scripts/build-js';
  if (!existsSync(modelPath('mobilenet075-int8')) || !existsSync(imagePath('human-sample-body.jpg'))) {
    return 'models are missing; run scripts/fetch-models';
  }
  return undefined;
}

/** Decodes a sample image to RGBA. */
export function readImage(name) {
  const {data, width, height} = require('jpeg-js').decode(readFileSync(imagePath(name)), {useTArray: true});
  return {data, width, height};
}

/** Returns the same image with another number of channels. */
export function withChannels({data, width, height}, channels) {
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; ++i) {
    for (let c = 0; c < channels; ++c) pixels[i * channels + c] = data[i * 4 + c];
  }
  return {data: pixels, width, height};
}

/** Subsamples an RGBA image: every `step`th pixel. */
export function subsampled({data, width, height}, step) {
  const small = {width: Math.floor(width / step), height: Math.floor(height / step)};
  const pixels = new Uint8Array(small.width * small.height * 4);
  for (let y = 0; y < small.height; ++y) {
    for (let x = 0; x < small.width; ++x) {
      const from = (y * step * width + x * step) * 4;
      pixels.set(data.subarray(from, from + 4), (y * small.width + x) * 4);
    }
  }
  return {...small, data: pixels};
}

// BMP is uncompressed, so every decoder returns the same pixels: a header of 54 bytes, then rows from bottom to top.
function toBmp({data, width, height}) {
  const rowBytes = Math.ceil(width * 3 / 4) * 4;
  const bmp = Buffer.alloc(54 + rowBytes * height);
  bmp.write('BM');
  bmp.writeUInt32LE(bmp.length, 2);
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(height, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const to = 54 + (height - 1 - y) * rowBytes + x * 3;
      const from = (y * width + x) * 4;
      for (let c = 0; c < 3; ++c) bmp[to + c] = data[from + 2 - c];
    }
  }
  return bmp;
}

/** Runs the native command on `image` and returns its JSON output. `args` are subcommands and options. */
export function runNative(image, args) {
  const folder = mkdtempSync(join(tmpdir(), 'posenet-js-'));
  try {
    const path = join(folder, 'image.bmp');
    writeFileSync(path, toBmp(image));
    return JSON.parse(execFileSync(command, [...args, path], {encoding: 'utf8'}));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** Returns the poses that the native command estimates in `image`, in the format of the core. */
export function nativePoses(image, options) {
  return runNative(image, ['human', 'estimate', ...options]).poses.map(({score, keypoints}) =>
    ({score, keypoints: keypoints.map(({score: s, position: {x, y}}) => ({x, y, score: s}))}));
}

/** An RGBA image of `count` x `count` copies of another. */
export function tiled({data, width, height}, count) {
  const pixels = new Uint8Array(data.length * count * count);
  for (let row = 0; row < height * count; ++row) {
    const from = (row % height) * width * 4;
    for (let tile = 0; tile < count; ++tile) {
      pixels.set(data.subarray(from, from + width * 4), (row * count + tile) * width * 4);
    }
  }
  return {data: pixels, width: width * count, height: height * count};
}
