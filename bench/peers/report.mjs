// SPDX-License-Identifier: Apache-2.0
// A table of medians and ratios from the lines of JSON that bench/peers/run collects.
//
//   node report.mjs RESULTS.jsonl
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import os from 'node:os';

const samples = new Map();  // size -> engine -> milliseconds
for (const line of readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const {engine, size, times_ms: times} = JSON.parse(line);
  if (!samples.has(size)) samples.set(size, new Map());
  const engines = samples.get(size);
  engines.set(engine, [...(engines.get(engine) ?? []), ...times]);
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(q * (sorted.length - 1))];
}

const compiler = execFileSync('c++', ['--version'], {encoding: 'utf8'}).split('\n')[0];
console.log(`Machine: ${os.cpus()[0].model}, ${os.cpus().length} cores; Node ${process.version}; ${compiler}; fp32, 1 thread\n`);
console.log('| input | engine | median ms | 10 % to 90 % | times TensorFlow.js |');
console.log('|---|---|---|---|---|');
for (const [size, engines] of samples) {
  const reference = quantile(engines.get('TensorFlow.js WASM'), 0.5);
  for (const [engine, times] of engines) {
    const median = quantile(times, 0.5);
    const spread = `${quantile(times, 0.1).toFixed(1)} to ${quantile(times, 0.9).toFixed(1)}`;
    console.log(`| ${size}x${size} | ${engine} | ${median.toFixed(1)} | ${spread} | ${(reference / median).toFixed(2)} |`);
  }
}
