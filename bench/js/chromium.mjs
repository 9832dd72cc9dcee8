// SPDX-License-Identifier: Apache-2.0
// Measures in headless Chromium, in a page without cross-origin isolation, and so with one thread each, at two input
// sizes. Prints JSON like node.mjs.
//
//   node chromium.mjs ROUNDS
import os from 'node:os';
import {fileURLToPath} from 'node:url';

import {browserSkipReason, launch, serve} from '../../bindings/js/test/browser_page.mjs';
import {readImage} from './sample_image.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.argv[2] ?? 15);
const reason = browserSkipReason();
if (reason) {
  console.error(`error: ${reason}`);
  process.exit(1);
}

const MODULES = '/bench/js/node_modules';
const SCRIPTS = [
  '@tensorflow/tfjs-core/dist/tf-core.min.js', '@tensorflow/tfjs-converter/dist/tf-converter.min.js',
  '@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.min.js', '@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
  '@tensorflow-models/posenet/dist/posenet.min.js'];
const HTML = `<!doctype html><title>Benchmark</title>
${SCRIPTS.map(name => `<script src="${MODULES}/${name}"></script>`).join('\n')}`;

/** Returns a function that returns the CPU time of the main thread of `page` in milliseconds. */
async function cpuTimeOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const {metrics} = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({name}) => name === 'ThreadTime').value;
  };
}

const {data, rgb, width, height} = await readImage(root);
const server = await serve(root, {
  isolated: false, pages: {'/page.html': HTML, '/image.rgba': Buffer.from(data), '/image.rgb': Buffer.from(rgb)}});
const browser = await launch();
const results = [];
for (const size of [257, 513]) {
  const page = await browser.newPage();
  page.on('pageerror', error => console.error(`error: ${error.message}`));
  await page.exposeFunction('cpuTimeMs', await cpuTimeOf(page));
  await page.goto(`${server.address}/page.html`);
  results.push(...await page.evaluate(async options => {
    const {measure} = await import('/bench/js/page.mjs');
    return measure({...options, cpuMs: window.cpuTimeMs});
  }, {where: `Chromium ${browser.version()}`, size, width, height, rounds}));
  await page.close();
}
await browser.close();
server.close();
const machine = {cpu: os.cpus()[0].model, cores: os.cpus().length, load: os.loadavg()[0]};
console.log(JSON.stringify({machine, rounds, results}));
