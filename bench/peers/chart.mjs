// SPDX-License-Identifier: Apache-2.0
// Draws AP against time: one line per model and precision, one point per input size.
//
//   node chart.mjs RESULTS.json COCO_FOLDER CHART.svg
//
// Times are the results of measure.mjs: CPU time of networks alone on one core, which other load affects least. AP is
// measured here, by 'posenet human eval'. The fp32 results of other engines equal ours, which measure.mjs has checked,
// so they have the same AP; their int8 networks differ from ours and are omitted. A table of the chart's values is
// printed.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {groupBy, median} from './statistics.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const [resultsFile, coco, chartFile] = process.argv.slice(2);
if (!chartFile) {
  console.error('usage: node chart.mjs RESULTS.json COCO_FOLDER CHART.svg');
  process.exit(2);
}

const WIDTH = 900;
const HEIGHT = 500;
const FRAME = {left: 64, right: 600, top: 48, bottom: 440};
const LEGEND = {left: 622, top: 62, step: 26};

// Our lines have a color per model and a dash pattern per precision; those of other engines, a color and a marker.
const MODELS = {mobilenet100: 'c3', mobilenet075: 'c2', 'mobilenet100-tfjs': 'c1'};
const DASHES = {fp32: '', bf16: '2 4', int8: '7 4'};
const PEERS = {'ONNX Runtime': ['c4', 'square'], oneDNN: ['c5', 'triangle'], 'OpenCV DNN': ['c6', 'diamond'],
               'TensorFlow.js WASM': ['c7', 'cross']};

// The colors of background, text, grid and the classes above.
const LIGHT = {background: '#fff', text: '#1f2328', grid: '#d8dee4', c1: '#0969da', c2: '#1a7f37', c3: '#8250df',
               c4: '#bc4c00', c5: '#cf222e', c6: '#6e7781', c7: '#9a6700'};
const DARK = {background: '#0d1117', text: '#e6edf3', grid: '#30363d', c1: '#58a6ff', c2: '#3fb950', c3: '#bc8cff',
              c4: '#f0883e', c5: '#ff7b72', c6: '#8b949e', c7: '#e3b341'};

// No CSS variables, which programs other than browsers do not support.
function colorRules({background, text, grid, ...series}) {
  return [`.background { fill: ${background}; } text { fill: ${text}; } .grid { stroke: ${grid}; fill: none; }`,
          ...Object.entries(series).map(([name, color]) =>
            `.line.${name} { stroke: ${color}; } .mark.${name} { fill: ${color}; }`)].join('\n');
}

/** Returns COCO's metrics for one of our networks. */
function evaluate(model, precision, size) {
  const folder = mkdtempSync(path.join(tmpdir(), 'posenet-chart-'));
  try {
    const metrics = path.join(folder, 'metrics.json');
    execFileSync(path.join(root, 'build/release/bin/posenet'), [
      'human', 'eval', '--annotations', path.join(coco, 'person_keypoints_val.json'),
      '--images', path.join(coco, 'images'),
      '--model', model, '--precision', precision, '--size', String(size), '--json', metrics,
    ], {stdio: ['ignore', 'ignore', 'inherit']});
    return JSON.parse(readFileSync(metrics, 'utf8'));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function series() {
  const {machine, rounds, results} = JSON.parse(readFileSync(resultsFile, 'utf8'));
  const known = new Map();
  const metricsOf = (...what) => {
    const key = what.join(' ');
    if (!known.has(key)) known.set(key, evaluate(...what));
    return known.get(key);
  };
  const wanted = results.filter(({engine, precision}) => engine === 'PoseNet' || precision === 'fp32');
  const lines = [...groupBy(wanted, ({engine, model, precision}) => `${engine} ${model} ${precision}`).values()];
  return {machine, rounds, lines: lines.map(line => {
    const {engine, model, precision} = line[0];
    const points = [...groupBy(line, ({size}) => size)].map(([size, measured]) => {
      const {AP: ap} = metricsOf(model, precision, size);
      return {size, ap, ms: median(measured.flatMap(({cpu_ms: times}) => times))};
    });
    return {engine, model, precision, points};
  })};
}

const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const number = value => String(Math.round(value * 10) / 10);

function marker(kind, x, y, color) {
  const at = (dx, dy) => `${number(x + dx)},${number(y + dy)}`;
  switch (kind) {
    case 'square':
      return `<path class="${color} mark" d="M${at(-5, -5)} ${at(5, -5)} ${at(5, 5)} ${at(-5, 5)}z"/>`;
    case 'triangle':
      return `<path class="${color} mark" d="M${at(0, -6)} ${at(6, 5)} ${at(-6, 5)}z"/>`;
    case 'diamond':
      return `<path class="${color} mark" d="M${at(0, -7)} ${at(6, 0)} ${at(0, 7)} ${at(-6, 0)}z"/>`;
    case 'cross':
      return `<path class="${color} line" d="M${at(-5, -5)} ${at(5, 5)} M${at(-5, 5)} ${at(5, -5)}"/>`;
    default:
      return `<circle class="${color} mark" cx="${number(x)}" cy="${number(y)}" r="5"/>`;
  }
}

function styleOf({engine, model, precision}) {
  if (engine === 'PoseNet') {
    return {color: MODELS[model] ?? 'c1', dash: DASHES[precision], kind: 'circle', name: `${model} ${precision}`};
  }
  const [color, kind] = PEERS[engine] ?? ['c6', 'square'];
  return {color, dash: '1 4', kind, name: `${engine} ${precision}`};
}

function draw({machine, rounds, lines}) {
  const points = lines.flatMap(line => line.points);
  const times = points.map(({ms}) => ms);
  const [low, high] = [Math.min(...times) / 1.2, Math.max(...times) * 1.2];
  const top = Math.ceil(Math.max(...points.map(({ap}) => ap)) * 20 + 0.2) / 20;
  const x = ms => FRAME.left + (FRAME.right - FRAME.left) * Math.log(ms / low) / Math.log(high / low);
  const y = ap => FRAME.bottom - (FRAME.bottom - FRAME.top) * ap / top;

  const parts = [];
  const text = (kind, px, py, content) =>
    parts.push(`<text class="${kind}" x="${number(px)}" y="${number(py)}">${escaped(content)}</text>`);
  for (const ms of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter(ms => ms > low && ms < high)) {
    parts.push(`<path class="grid" d="M${number(x(ms))},${FRAME.top}V${FRAME.bottom}"/>`);
    text('middle', x(ms), FRAME.bottom + 20, String(ms));
  }
  for (let ap = 0; ap <= top + 1e-9; ap += 0.05) {
    parts.push(`<path class="grid" d="M${FRAME.left},${number(y(ap))}H${FRAME.right}"/>`);
    text('end', FRAME.left - 8, y(ap) + 4, ap.toFixed(2));
  }
  text('title', FRAME.left, 26, 'Accuracy against time: the network alone, one core');
  text('middle', (FRAME.left + FRAME.right) / 2, FRAME.bottom + 42, 'CPU time in milliseconds, median');
  parts.push(`<text class="middle" transform="translate(18,${(FRAME.top + FRAME.bottom) / 2}) rotate(-90)">AP</text>`);

  // Other engines first, so that our lines are on top.
  const inOrder = [...lines].sort((a, b) => (a.engine === 'PoseNet') - (b.engine === 'PoseNet'));
  for (const line of inOrder) {
    const {color, dash, kind, name} = styleOf(line);
    const way = line.points.map(({ms, ap}) => `${number(x(ms))},${number(y(ap))}`).join(' ');
    parts.push(`<g><title>${escaped(name)}</title>`);
    parts.push(`<path class="${color} line" stroke-dasharray="${dash}" d="M${way}"/>`);
    for (const point of line.points) parts.push(marker(kind, x(point.ms), y(point.ap), color));
    parts.push('</g>');
  }

  let row = LEGEND.top;
  const heading = content => {
    text('heading', LEGEND.left, row, content);
    row += LEGEND.step;
  };
  for (const [title, isOurs] of [['PoseNet', true], ['mobilenet100-tfjs in other engines', false]]) {
    const group = lines.filter(({engine}) => (engine === 'PoseNet') === isOurs);
    if (group.length === 0) continue;
    heading(title);
    for (const line of group) {
      const {color, dash, kind, name} = styleOf(line);
      const middle = row - 4;
      parts.push(`<path class="${color} line" stroke-dasharray="${dash}" d="M${LEGEND.left},${middle}h34"/>`);
      parts.push(marker(kind, LEGEND.left + 17, middle, color));
      text('', LEGEND.left + 44, row, name);
      row += LEGEND.step;
    }
    row += LEGEND.step / 2;
  }
  const sizes = [...new Set(points.map(({size}) => size))].sort((a, b) => a - b);
  text('', LEGEND.left, row, 'Points from left to right:');
  text('', LEGEND.left, row + 18, `input sizes of ${sizes.join(', ')} px`);
  const cpu = `${machine.cpu} (${machine.instructions.join(', ')})`;
  text('note', FRAME.left, HEIGHT - 4, `${cpu}, ${rounds} round${rounds === 1 ? '' : 's'}`);

  return `<!-- SPDX-License-Identifier: Apache-2.0. Drawn by bench/peers/chart. -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>Average precision against time of PoseNet and other engines</title>
<style>
text { font: 13px system-ui, sans-serif; }
.title { font-size: 16px; font-weight: 600; }
.heading { font-weight: 600; }
.note { font-size: 11px; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.line { fill: none; stroke-width: 2; }
${colorRules(LIGHT)}
@media (prefers-color-scheme: dark) {
${colorRules(DARK)}
}
</style>
<rect class="background" width="${WIDTH}" height="${HEIGHT}"/>
${parts.join('\n')}
</svg>
`;
}

const data = series();
writeFileSync(chartFile, draw(data));
console.log('| engine | model | precision | input | CPU ms | AP |');
console.log('|---|---|---|---|---|---|');
for (const {engine, model, precision, points} of data.lines) {
  for (const {size, ms, ap} of points) {
    console.log(`| ${engine} | ${model} | ${precision} | ${size}x${size} | ${ms.toFixed(1)} | ${ap.toFixed(3)} |`);
  }
}
