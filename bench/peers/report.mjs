// SPDX-License-Identifier: Apache-2.0
// Prints Markdown tables of the results of measure.mjs.
//
//   node report.mjs RESULTS.json
import {readFileSync} from 'node:fs';

import {machineText, plural} from '../machine.mjs';
import {groupBy, median, quantile, speedupsOf} from '../statistics.mjs';

const {machine, rounds, left_out: leftOut, results} = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const all = (times) => times.flatMap(({times_ms: ms}) => ms);
const label = ({engine, precision}) => `${engine} ${precision}`;

function machineLine() {
  const versions = new Map(results.filter(({version}) => version).map(({engine, version}) => [engine, version]));
  const parts = [...versions].map(([engine, version]) => `${engine} ${version}`);
  return `Machine: ${machineText(machine, parts)}; ${plural(rounds, 'round')}`;
}

/** Prints a table of one kind of measurement; `reference` is the label of the engine that others are compared with. For
 *  networks alone, the table has CPU times with one thread; with more, waiting threads would use CPU time, too. */
function table(kind, reference, {isNetwork}) {
  const heads = ['network', 'input', 'threads', 'engine', 'median ms', '10 % to 90 %', `speedup over ${reference}`, 'range of rounds'];
  if (isNetwork) heads.push('CPU ms', 'speedup by CPU time', 'largest difference');
  console.log(`| ${heads.join(' | ')} |`);
  console.log(`|${'---|'.repeat(heads.length)}`);
  const ofKind = results.filter(result => result.kind === kind);
  for (const [, group] of groupBy(ofKind, ({model, size, threads}) => `${threads} ${size} ${model}`)) {
    const engines = groupBy(group, label);
    for (const [name, measured] of engines) {
      const {model, size, threads} = measured[0];
      const times = all(measured);
      const others = engines.get(reference) ?? [];
      const speedups = speedupsOf(measured, others, 'times_ms');
      const range = speedups.length ? `${Math.min(...speedups).toFixed(2)} to ${Math.max(...speedups).toFixed(2)}` : '';
      const cells = [
        model, `${size}x${size}`, threads, name, median(times).toFixed(2),
        `${quantile(times, 0.1).toFixed(2)} to ${quantile(times, 0.9).toFixed(2)}`,
        speedups.length ? median(speedups).toFixed(2) : '', range,
      ];
      if (isNetwork) {
        const cpuSpeedups = threads === 1 ? speedupsOf(measured, others, 'cpu_ms') : [];
        cells.push(threads === 1 ? median(measured.flatMap(each => each.cpu_ms)).toFixed(2) : '',
                   cpuSpeedups.length ? median(cpuSpeedups).toFixed(2) : '',
                   Math.max(...measured.map(each => each.max_difference)).toPrecision(2));
      }
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
}

console.log(`${machineLine()}\n`);
console.log('The network alone:\n');
table('network', 'ONNX Runtime fp32', {isNetwork: true});
if (results.some(({kind}) => kind === 'end to end')) {
  console.log('\nEnd to end, from pixels to poses:\n');
  table('end to end', 'TensorFlow.js WASM fp32', {isNetwork: false});
}
const reasons = groupBy(leftOut, each => `${label(each)}: ${each.reason}`);
if (reasons.size > 0) console.log('\nNot measured:\n');
for (const [text, group] of reasons) {
  const threads = [...new Set(group.map(each => each.threads))];
  console.log(`- ${text} (${group[0].kind}, ${threads.map(count => plural(count, 'thread')).join(', ')})`);
}
