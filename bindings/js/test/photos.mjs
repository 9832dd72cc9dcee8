// SPDX-License-Identifier: Apache-2.0
// What tests look at: sample photos, decoded once, and what the native command says of the very same pixels.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const require = createRequire(import.meta.url);
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The path of a model of scripts/fetch-models. */
export const modelPath = name => join(root, 'models', `${name}.safetensors`);

/** The native command; POSENET_COMMAND says where it is. */
export const command = process.env.POSENET_COMMAND ?? join(root, 'build/release/bin/posenet');

const photoPath = name => join(root, 'models/node_modules/weights-mobilenet100/assets', name);

/** Why tests with models cannot run; undefined when they can. */
export function whyNot() {
  if (!existsSync(new URL('../dist/wasm/posenet.wasm', import.meta.url))) return 'scripts/build-js was not run';
  if (!existsSync(modelPath('mobilenet075-int8')) || !existsSync(photoPath('human-sample-body.jpg'))) {
    return 'scripts/fetch-models was not run';
  }
  return undefined;
}

/** A sample photo as a Picture of RGBA. */
export function readPhoto(name) {
  const {data, width, height} = require('jpeg-js').decode(readFileSync(photoPath(name)), {useTArray: true});
  return {data, width, height};
}

/** The same picture with other channels. */
export function withChannels({data, width, height}, channels) {
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; ++i) {
    for (let c = 0; c < channels; ++c) pixels[i * channels + c] = data[i * 4 + c];
  }
  return {data: pixels, width, height};
}

/** A part of the picture, RGBA, every `step`th pixel. */
export function shrunk({data, width, height}, step) {
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

// An uncompressed file, of which every decoder makes the same pixels: 54 bytes of header, rows from below.
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

/** What the native command answers of `picture`: an object of its JSON. `words` are subcommands and options. */
export function native(picture, words) {
  const folder = mkdtempSync(join(tmpdir(), 'posenet-js-'));
  try {
    const path = join(folder, 'picture.bmp');
    writeFileSync(path, toBmp(picture));
    return JSON.parse(execFileSync(command, [...words, path], {encoding: 'utf8'}));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** The poses that the native command finds in `picture`, in the core's form. */
export function nativePoses(picture, options) {
  return native(picture, ['human', 'estimate', ...options]).poses.map(({score, keypoints}) =>
    ({score, keypoints: keypoints.map(({score: s, position: {x, y}}) => ({x, y, score: s}))}));
}
