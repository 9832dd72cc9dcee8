// SPDX-License-Identifier: Apache-2.0
// Prints a Markdown table of the results of node.mjs or chromium.mjs.
//
//   node report.mjs RESULTS.json
import {readFileSync} from 'node:fs';

const {machine, rounds, results} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ratio = (values, others) => median(values.map((value, i) => others[i] / value));
const PEERS = ['ONNX Runtime Web fp32, network alone', 'TensorFlow.js PoseNet fp32'];

console.log(`Machine: ${machine.cpu}, ${machine.cores} cores; ${results[0].where}; load ${machine.load.toFixed(1)} at the ` +
            `end; ${rounds} rounds\n`);
console.log('| input | engine | median ms | CPU ms | speedup over ONNX Runtime Web | speedup over TensorFlow.js |');
console.log('|---|---|---|---|---|---|');
for (const {size, engine, times_ms: wall, cpu_ms: cpu} of results) {
  const threads = engine.includes('2 threads') ? 2 : 1;
  // With one thread, CPU time, which other load affects least; otherwise wall-clock time.
  const kind = threads === 1 ? 'cpu_ms' : 'times_ms';
  const mine = threads === 1 ? cpu : wall;
  const times = PEERS.map(peer => ratio(mine, results.find(r => r.size === size && r.engine === peer)[kind]).toFixed(2));
  console.log(`| ${size}x${size} | ${engine} | ${median(wall).toFixed(1)} | ${threads === 1 ? median(cpu).toFixed(1) : ''} | ` +
              `${times.join(' | ')} |`);
}
