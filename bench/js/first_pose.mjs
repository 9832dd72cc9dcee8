// SPDX-License-Identifier: Apache-2.0
// Measures in headless Chromium the time from the navigation to the first pose in an image, with MobileNet 0.75 int8 at
// 257 pixels and the page's code bundled into one file. Files come from this machine, so the times exclude the network.
// Each page is visited twice: first in a new browser with an empty cache, then again in the same browser, which may
// have cached compiled code. Also reported are the time at which the page starts, after the browser has started a
// process and requested the page, and the CPU time of that process in all threads, which other load affects least.
//
//   node first_pose.mjs ROUNDS
import os from 'node:os';
import {fileURLToPath} from 'node:url';

import {browserSkipReason, launch, serve} from '../../bindings/js/test/browser_page.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.argv[2] ?? 15);
const reason = browserSkipReason();
if (reason || !(Number.isInteger(rounds) && rounds > 0)) {
  console.error(`error: ${reason ?? 'ROUNDS must be an integer of at least 1'}`);
  process.exit(1);
}
const {build} = await import('../../bindings/js/node_modules/esbuild/lib/main.js');

const IMAGE = '/models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg';
const FOLDER = '/bindings/js/dist/page'; // From here, URLs relative to the package's code are correct.
const PAGES = [
  {where: 'page', from: 'pose-detection', create: 'createDetector'},
  {where: 'worker', from: 'worker', create: 'createDetectorInWorker'},
];

/** A program that estimates the pose in the page's image and records times since the navigation. */
const programOf = ({from, create}) => `
  import {${create}} from './${from}/index.js';
  const image = document.querySelector('img');
  const config = {multiplier: 0.75, quantBytes: 1, inputResolution: 257};
  const [detector] = await Promise.all([${create}('PoseNet', config), image.decode()]);
  const ready = performance.now();
  const poses = await detector.estimatePoses(image);
  window.times = {began, ready, first: performance.now(), score: poses[0].score};`;

async function bundle(contents) {
  const {outputFiles: [{text}]} = await build({
    stdin: {contents, resolveDir: fileURLToPath(new URL('../../bindings/js/dist', import.meta.url))}, bundle: true,
    format: 'esm', minify: true, target: 'es2022', write: false});
  return text;
}

const pages = {[`${FOLDER}/host.js`]: await bundle('import "./worker/host.js";')};
for (const [i, page] of PAGES.entries()) {
  pages[`${FOLDER}/${i}.js`] = await bundle(programOf(page));
  pages[`${FOLDER}/${i}.html`] =
    `<!doctype html><title>First pose</title><script>window.began = performance.now()</script>` +
    `<img src="${IMAGE}" alt=""><script type="module" src="${i}.js"></script>`;
}

async function visit(context, address) {
  const page = await context.newPage();
  page.on('pageerror', error => console.error(`error: ${error.message}`));
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const cpuTimeMs = async () => {
    const {metrics} = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({name}) => name === 'ProcessTime').value;
  };
  const before = await cpuTimeMs();
  await page.goto(address);
  await page.waitForFunction(() => window.times, null, {timeout: 120_000});
  const after = await cpuTimeMs();
  const times = await page.evaluate(() => window.times);
  await page.close();
  if (!(times.score > 0.5)) throw new Error(`${address}: no pose found`);
  // The navigation may have started another process, which begins at 0.
  return {...times, cpuTime: after > before ? after - before : after};
}

const samples = new Map(); // By name.
for (let round = 0; round < rounds; ++round) {
  for (const isolated of [true, false]) {
    const server = await serve(root, {isolated, pages});
    for (const [i, {where}] of PAGES.entries()) {
      const browser = await launch();
      const context = await browser.newContext();
      for (const visitName of ['first', 'repeated']) {
        const name = `${where}, ${isolated ? 'shared' : 'not shared'}, ${visitName}`;
        const sample = await visit(context, `${server.address}${FOLDER}/${i}.html`);
        samples.set(name, [...samples.get(name) ?? [], sample]);
      }
      await browser.close();
    }
    server.close();
  }
}

const median = values => values.sort((a, b) => a - b)[values.length >> 1];
console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}; ` +
            `medians of ${rounds} rounds in ms`);
console.log('| thread, memory, visit | page starts | detector ready | first pose | minimum | CPU time |');
console.log('|---|---|---|---|---|---|');
for (const [name, all] of samples) {
  const of = key => median(all.map(times => times[key]));
  const minimum = Math.min(...all.map(({first}) => first));
  const cells = [of('began'), of('ready'), of('first'), minimum, of('cpuTime')].map(ms => ms.toFixed(0));
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
