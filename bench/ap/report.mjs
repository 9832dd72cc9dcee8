// SPDX-License-Identifier: Apache-2.0
// Writes the results of measure.mjs into the documentation: the table between the markers of
// docs/benchmarks/accuracy.md, and the chart docs/time-against-ap.svg.
//
//   node report.mjs RESULTS.json [DOCS_FOLDER]
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {cpuText, machineText, plural} from '../machine.mjs';
import {groupBy, median} from '../statistics.mjs';
import {chartOf} from './chart.mjs';

const BEGIN = '<!-- Written by bench/ap/run; do not edit. -->';
const END = '<!-- End of bench/ap/run. -->';

/** Returns the rows of the table and the chart: one per method, size and precision, with the times by threads. */
export function rowsOf(results) {
  const keyOf = ({name, protocol: {width, height, precision}}) => `${name} ${width}x${height} ${precision}`;
  return [...groupBy(results, keyOf).values()].map(ofRow => {
    const {name, kind, protocol, metrics} = ofRow[0];
    return {
      name, kind, protocol, metrics, distances: ofRow.find(({distances}) => distances)?.distances ?? null,
      ms: new Map(ofRow.map(({threads, median_ms: times}) => [threads, median(times)])),
    };
  });
}

/** Returns the table as Markdown. */
export function tableOf({machine, rounds, results}) {
  const {persons, images} = results[0].protocol;
  const threadCounts = [...new Set(results.map(({threads}) => threads))].sort((a, b) => a - b);
  const heads = [
    'method', 'input', 'precision', ...['AP', 'AP50', 'AP75', 'AR'].map(name => `${name} (${persons} persons)`),
    'distance', 'moved', ...threadCounts.map(count => `ms, ${plural(count, 'thread')}`),
  ];
  const lines = [`| ${heads.join(' | ')} |`, `|${'---|'.repeat(heads.length)}`];
  let last = '';
  for (const {name, protocol, metrics, distances, ms} of rowsOf(results)) {
    const cells = [
      name === last ? '' : name, `${protocol.width}x${protocol.height}`, protocol.precision,
      ...[metrics.AP, metrics.AP50, metrics.AP75, metrics.AR].map(value => value.toFixed(3)),
      distances?.median_px != null ? `${distances.median_px.toFixed(2)} px` : '',
      distances?.moved_share != null ? `${(100 * distances.moved_share).toFixed(1)} %` : '',
      ...threadCounts.map(count => ms.has(count) ? ms.get(count).toFixed(1) : ''),
    ];
    lines.push(`| ${cells.join(' | ')} |`);
    last = name;
  }
  const what = `${plural(images, 'photo')} with ${plural(persons, 'labeled person')}; ${plural(rounds, 'round')}`;
  return `${what}. Machine: ${machineText(machine, [])}.\n\n${lines.join('\n')}\n`;
}

/** Returns `document` with `table` between its markers. */
export function withTable(document, table) {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`expected the lines '${BEGIN}' and '${END}'`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n${document.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const [resultsFile, docs = path.join(root, 'docs')] = process.argv.slice(2);
  if (!resultsFile) {
    console.error('usage: node report.mjs RESULTS.json [DOCS_FOLDER]');
    process.exit(2);
  }
  const data = JSON.parse(readFileSync(resultsFile, 'utf8'));
  if (data.results.length === 0) {
    console.error(`${resultsFile}: nothing could be measured`);
    process.exit(1);
  }
  const table = tableOf(data);
  const page = path.join(docs, 'benchmarks/accuracy.md');
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), table));
  const {machine, rounds, results} = data;
  const {persons, images} = results[0].protocol;
  const note =
    `${plural(images, 'photo')}, ${plural(persons, 'person')}; ${cpuText(machine)}; ${plural(rounds, 'round')}`;
  writeFileSync(path.join(docs, 'time-against-ap.svg'), chartOf(rowsOf(results), note));
  console.log(table);
  for (const {reason, subjects} of data.left_out) console.log(`Left out (${subjects.length}): ${reason}`);
}
