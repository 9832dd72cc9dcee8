// SPDX-License-Identifier: Apache-2.0
// The common part of programs that measure a network alone in Node: the command line and the JSON output of
// ../network_program.h.
//
//   node PROGRAM MODEL PRECISION INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]
import {readFileSync} from 'node:fs';

const WARM_UPS = 3;
const HEATMAP_CHANNELS = 17;

/** Thrown if the engine does not support the request: exit status 3. */
export class Unsupported extends Error {}

export function readFloats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Transposes a matrix [rows, columns] to [columns, rows]. */
export function transposed(numbers, rows) {
  const columns = numbers.length / rows;
  return Float32Array.from({length: numbers.length}, (_, i) => numbers[i % rows * columns + Math.floor(i / rows)]);
}

/** Returns the largest difference of two heatmaps, and the root mean square difference relative to the reference's root
 *  mean square. */
function compare(heatmap, reference) {
  if (heatmap.length !== reference.length) {
    throw new Error(`the heatmap has ${heatmap.length} values; expected ${reference.length}`);
  }
  let largest = 0;
  let squares = 0;
  let referenceSquares = 0;
  reference.forEach((expected, i) => {
    const error = Math.abs(heatmap[i] - expected);
    largest = Number.isFinite(error) ? Math.max(largest, error) : Infinity;
    squares += error ** 2;
    referenceSquares += expected ** 2;
  });
  return {max_difference: largest, relative_rms_difference: Math.sqrt(squares / referenceSquares)};
}

/**
 * Runs the program. `prepare` takes {model, precision, input, size, threads} and returns {engine, version, run,
 * heatmap}: `input` has the values [size, size, 3], `run` is timed and returns all maps as float32, and `heatmap`
 * converts the result of `run` to [rows, columns, 17].
 */
export async function measureNetwork(prepare) {
  const [model, precision, inputFile, ...rest] = process.argv.slice(2);
  const [size, threads, repeats] = rest.map(Number);
  const heatmapFile = rest[3];
  if (![size, threads, repeats].every(number => Number.isInteger(number) && number > 0)) {
    console.error('expected MODEL PRECISION INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]');
    process.exit(2);
  }
  try {
    const input = readFloats(inputFile);
    if (input.length !== size * size * 3) {
      throw new Error(`${inputFile} has ${input.length} values; expected ${size} x ${size} x 3`);
    }
    const {engine, version, run, heatmap} = await prepare({model, precision, input, size, threads});
    const times = [];
    const cpuTimes = [];
    let maps;
    for (let i = 0; i < repeats + WARM_UPS; ++i) {
      const cpuStart = process.cpuUsage();
      const start = performance.now();
      maps = await run();
      const elapsed = performance.now() - start;
      const {user, system} = process.cpuUsage(cpuStart);
      if (i < WARM_UPS) continue;
      times.push(elapsed);
      cpuTimes.push((user + system) / 1000);
    }
    const difference = heatmapFile ? compare(heatmap(maps), readFloats(heatmapFile)) : {};
    // JSON has no infinity; it becomes null.
    const result = {engine, version, precision, size, threads, times_ms: times, cpu_ms: cpuTimes, ...difference};
    console.log(JSON.stringify(result));
  } catch (error) {
    console.error(error.message);
    process.exit(error instanceof Unsupported ? 3 : 1);
  }
}

/** Returns the heatmap among `maps`, by its number of channels, which `channels` returns for a map. */
export function heatmapOf(maps, channels) {
  const heatmap = maps.find(map => channels(map) === HEATMAP_CHANNELS);
  if (!heatmap) throw new Error('the network has no heatmap output');
  return heatmap;
}
