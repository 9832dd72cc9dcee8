// SPDX-License-Identifier: Apache-2.0
// A table in Markdown of what node.mjs or chromium.mjs printed.
//
//   node report.mjs RESULTS.json
import {readFileSync} from 'node:fs';

const {machine, rounds, results} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ratio = (values, others) => median(values.map((value, i) => others[i] / value));
const PEERS = ['ONNX Runtime Web fp32, network alone', 'TensorFlow.js PoseNet fp32'];

console.log(`Machine: ${machine.cpu}, ${machine.cores} cores; ${results[0].where}; load ${machine.load.toFixed(1)} at the ` +
            `end; ${rounds} rounds in turn\n`);
console.log('| input | engine | median ms | CPU ms | times ONNX Runtime Web | times TensorFlow.js |');
console.log('|---|---|---|---|---|---|');
for (const {size, engine, times_ms: wall, cpu_ms: cpu} of results) {
  const threads = engine.includes('2 threads') ? 2 : 1;
  // Processor time where one thread has it, which other programs lengthen least; else the time that passed.
  const kind = threads === 1 ? 'cpu_ms' : 'times_ms';
  const mine = threads === 1 ? cpu : wall;
  const times = PEERS.map(peer => ratio(mine, results.find(r => r.size === size && r.engine === peer)[kind]).toFixed(2));
  console.log(`| ${size}x${size} | ${engine} | ${median(wall).toFixed(1)} | ${threads === 1 ? median(cpu).toFixed(1) : ''} | ` +
              `${times.join(' | ')} |`);
}
