// SPDX-License-Identifier: Apache-2.0
// Measures in headless Chromium how long somebody waits who opens a page: from the navigation to the first pose in a photo,
// with MobileNet 0.75 in 8 bits, input 257, and the page's code in one file, as bundlers make it. Files come from this
// machine, so that it is without the network's time. Twice for each page: the first time in a new browser, whose cache is
// empty, and, as who comes again, in the same one, where compiled code may be kept. Beside the time stand when the page
// itself begins, before which the browser starts a process and asks for the page, and what that process computes in it, in
// all threads: that much is not the fault of what else the machine does.
//
//   node first_pose.mjs ROUNDS
import os from 'node:os';
import {fileURLToPath} from 'node:url';

import {launch, serve, whyNoBrowser} from '../../bindings/js/test/browser_page.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.argv[2] ?? 15);
const reason = whyNoBrowser();
if (reason || !(Number.isInteger(rounds) && rounds > 0)) {
  console.error(`error: ${reason ?? 'ROUNDS is a whole number from 1'}`);
  process.exit(1);
}
const {build} = await import('../../bindings/js/node_modules/esbuild/lib/main.js');

const PHOTO = '/models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg';
const FOLDER = '/bindings/js/dist/page'; // Where addresses that are relative to the package's code are right.
const PAGES = [
  {where: 'the page', from: 'pose-detection', make: 'createDetector'},
  {where: 'a worker', from: 'worker', make: 'createDetectorInWorker'},
];

/** A program that finds the person in the page's photo and keeps the times since the navigation. */
const programOf = ({from, make}) => `
  import {${make}} from './${from}/index.js';
  const image = document.querySelector('img');
  const config = {multiplier: 0.75, quantBytes: 1, inputResolution: 257};
  const [detector] = await Promise.all([${make}('PoseNet', config), image.decode()]);
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
    `<img src="${PHOTO}" alt=""><script type="module" src="${i}.js"></script>`;
}

async function visit(context, address) {
  const page = await context.newPage();
  page.on('pageerror', error => console.error(`error: ${error.message}`));
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const computedMs = async () => {
    const {metrics} = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({name}) => name === 'ProcessTime').value;
  };
  const before = await computedMs();
  await page.goto(address);
  await page.waitForFunction(() => window.times, null, {timeout: 120_000});
  const after = await computedMs();
  const times = await page.evaluate(() => window.times);
  await page.close();
  if (!(times.score > 0.5)) throw new Error(`nobody was found at ${address}`);
  return {...times, computed: after > before ? after - before : after}; // A navigation may have another process.
}

const samples = new Map(); // By what is measured.
for (let round = 0; round < rounds; ++round) {
  for (const isolated of [true, false]) {
    const server = await serve(root, {isolated, pages});
    for (const [i, {where}] of PAGES.entries()) {
      const browser = await launch();
      const context = await browser.newContext();
      for (const time of ['first', 'again']) {
        const name = `${where}, ${isolated ? 'threads' : 'one thread'}, ${time}`;
        const sample = await visit(context, `${server.address}${FOLDER}/${i}.html`);
        samples.set(name, [...samples.get(name) ?? [], sample]);
      }
      await browser.close();
    }
    server.close();
  }
}

const median = values => values.sort((a, b) => a - b)[values.length >> 1];
console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}; medians of ${rounds}, in ms`);
console.log('| in, with, visit | page begins | detector ready | first pose | of which the quickest | computed |');
console.log('|---|---|---|---|---|---|');
for (const [name, all] of samples) {
  const of = key => median(all.map(times => times[key]));
  const quickest = Math.min(...all.map(({first}) => first));
  console.log(`| ${name} | ${[of('began'), of('ready'), of('first'), quickest, of('computed')].map(ms => ms.toFixed(0)).join(' | ')} |`);
}
