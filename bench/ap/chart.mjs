// SPDX-License-Identifier: Apache-2.0
// The chart of AP against time.
import {groupBy} from '../statistics.mjs';

const WIDTH = 1000;
const PANEL = {width: 420, top: 58, bottom: 420, lefts: [64, 556]};
const LEGEND = {top: 490, left: 64, column: 310, step: 24};

const COLORS = 10;
// The colors of background, text, grid and the methods in their order.
const LIGHT = {background: '#fff', text: '#1f2328', grid: '#d8dee4',
               methods: ['#6e7781', '#0969da', '#0a3069', '#1a7f37', '#9a6700', '#cf222e', '#bc4c00', '#bf3989',
                         '#8250df', '#1f2328']};
const DARK = {background: '#0d1117', text: '#e6edf3', grid: '#30363d',
              methods: ['#8b949e', '#58a6ff', '#a5d6ff', '#3fb950', '#e3b341', '#ff7b72', '#f0883e', '#f778ba',
                        '#bc8cff', '#e6edf3']};
// bfloat16 is between the two and in the table only.
const DASHES = {fp32: '', int8: '5 4'};

// No CSS variables, which programs other than browsers do not support.
function colorRules({background, text, grid, methods}) {
  const rules = [`.background { fill: ${background}; } text { fill: ${text}; } .grid { stroke: ${grid}; fill: none; }`,
                 '.line { fill: none; }'];
  methods.forEach((color, i) => rules.push(`.m${i} { stroke: ${color}; } .mark.m${i}.fp32 { fill: ${color}; }`));
  return [...rules, `.mark.int8 { fill: ${background}; }`].join('\n');
}

const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const number = value => String(Math.round(value * 10) / 10);

/** Returns a marker: a circle for networks, a square for those of one person, a diamond for cascades. */
function marker(kind, x, y, style) {
  const at = (dx, dy) => `${number(x + dx)},${number(y + dy)}`;
  const corners = {single: [[-4, -4], [4, -4], [4, 4], [-4, 4]], cascade: [[0, -6], [6, 0], [0, 6], [-6, 0]]}[kind];
  if (!corners) return `<circle class="mark ${style}" cx="${number(x)}" cy="${number(y)}" r="4.5"/>`;
  return `<path class="mark ${style}" d="M${corners.map(corner => at(...corner)).join(' ')}z"/>`;
}

const text = (style, x, y, content) =>
  `<text class="${style}" x="${number(x)}" y="${number(y)}">${escaped(content)}</text>`;

/** Returns the axes of a panel. */
function axes(left, title, {low, high, top, x, y}) {
  const right = left + PANEL.width;
  const step = top > 0.35 ? 0.1 : 0.05;
  const parts = [text('heading', left, PANEL.top - 14, title),
                 text('middle', (left + right) / 2, PANEL.bottom + 40, 'milliseconds per image, median')];
  for (const ms of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter(ms => ms >= low && ms <= high)) {
    parts.push(`<path class="grid" d="M${number(left + x(ms))},${PANEL.top}V${PANEL.bottom}"/>`);
    parts.push(text('middle', left + x(ms), PANEL.bottom + 20, String(ms)));
  }
  for (let ap = 0; ap <= top + 1e-9; ap += step) {
    parts.push(`<path class="grid" d="M${left},${number(y(ap))}H${right}"/>`);
    parts.push(text('end', left - 8, y(ap) + 4, ap.toFixed(2)));
  }
  return parts;
}

/** Returns the lines of a panel: one per method and precision. */
function lines(left, threads, rows, styles, {x, y}) {
  return [...groupBy(rows, ({name, protocol: {precision}}) => `${name}, ${precision}`)].flatMap(([title, line]) => {
    const points = line.filter(({ms}) => ms.has(threads));
    const {precision} = line[0].protocol;
    const style = `m${styles.get(line[0].name)} ${precision}`;
    const places = points.map(({ms, metrics}) => [left + x(ms.get(threads)), y(metrics.AP)]);
    const way = places.map(place => place.map(number).join(',')).join(' ');
    const path = `<path class="line ${style}" stroke-dasharray="${DASHES[precision]}" d="M${way}"/>`;
    return [
      ...(places.length > 1 ? [path] : []),
      ...points.map(({kind, protocol: {width, height}, ms, metrics}, i) =>
        `<g><title>${escaped(title)}, ${width}x${height}: AP ${metrics.AP.toFixed(3)}, ` +
          `${ms.get(threads).toFixed(1)} ms</title>${marker(kind, ...places[i], style)}</g>`),
    ];
  });
}

/** Returns the legend and the y coordinate below it. */
function legend(rows, styles) {
  const methods = [...groupBy(rows, ({name}) => name).values()].map(([row]) => row);
  const perColumn = Math.ceil(methods.length / 3);
  const parts = methods.flatMap(({name, kind}, i) => {
    const x = LEGEND.left + LEGEND.column * Math.floor(i / perColumn);
    const y = LEGEND.top + LEGEND.step * (i % perColumn);
    const style = `m${styles.get(name)} fp32`;
    return [`<path class="line ${style}" d="M${x},${y - 4}h30"/>`, marker(kind, x + 15, y - 4, style),
            text('', x + 40, y, name)];
  });
  return {parts, bottom: LEGEND.top + LEGEND.step * perColumn};
}

/** Draws the rows of report.mjs; `note` is the last line. */
export function chartOf(allRows, note) {
  const rows = allRows.filter(({kind, protocol: {precision}}) => kind !== 'defaults' && precision in DASHES);
  const styles = new Map([...new Set(rows.map(({name}) => name))].map((name, i) => [name, i % COLORS]));
  const threadCounts = [...new Set(rows.flatMap(({ms}) => [...ms.keys()]))].sort((a, b) => a - b);
  const times = rows.flatMap(({ms}) => [...ms.values()]);
  const [low, high] = [Math.min(...times) / 1.2, Math.max(...times) * 1.2];
  const best = Math.max(...rows.map(({metrics}) => metrics.AP));
  const top = Math.max(0.1, Math.ceil(best * 20 + 0.2) / 20);
  const scales = {
    low, high, top,
    x: ms => PANEL.width * Math.log(ms / low) / Math.log(high / low),
    y: ap => PANEL.bottom - (PANEL.bottom - PANEL.top) * ap / top,
  };
  const {persons} = rows[0].protocol;
  const {parts: legendParts, bottom} = legend(rows, styles);
  const height = bottom + 52;
  const parts = [
    text('title', PANEL.lefts[0], 24, `Accuracy against time: COCO keypoint AP of ${persons} persons`),
    ...threadCounts.slice(0, 2).flatMap((threads, i) => [
      ...axes(PANEL.lefts[i], threads === 1 ? '1 thread' : `${threads} threads`, scales),
      ...lines(PANEL.lefts[i], threads, rows, styles, scales),
    ]),
    `<text class="middle" transform="translate(18,${(PANEL.top + PANEL.bottom) / 2}) rotate(-90)">AP</text>`,
    ...legendParts,
    text('', LEGEND.left, bottom + 6, 'Filled and solid: fp32; hollow and dashed: int8. Along a line, larger input ' +
      'sizes take more time. Diamonds: cascades; squares: one person only.'),
    text('note', LEGEND.left, bottom + 32, note),
  ];
  return `<!-- SPDX-License-Identifier: Apache-2.0. Drawn by bench/ap/run. -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>Average precision against time</title>
<style>
text { font: 13px system-ui, sans-serif; }
.title { font-size: 16px; font-weight: 600; }
.heading { font-weight: 600; }
.note { font-size: 11px; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.line, .mark { stroke-width: 2; }
${colorRules(LIGHT)}
@media (prefers-color-scheme: dark) {
${colorRules(DARK)}
}
</style>
<rect class="background" width="${WIDTH}" height="${height}"/>
${parts.join('\n')}
</svg>
`;
}
