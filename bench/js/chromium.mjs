// SPDX-License-Identifier: Apache-2.0
// Measures in headless Chromium, in a page as most are (not isolated from other origins: one thread each), at two sizes.
// Prints JSON, as node.mjs does.
//
//   node chromium.mjs ROUNDS
import os from 'node:os';
import {fileURLToPath} from 'node:url';

import {launch, serve, whyNoBrowser} from '../../bindings/js/test/browser_page.mjs';
import {readPhoto} from './photo.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.argv[2] ?? 15);
const reason = whyNoBrowser();
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

/** The milliseconds that the thread of `page` has computed, as a function. */
async function processorTimeOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const {metrics} = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({name}) => name === 'ThreadTime').value;
  };
}

const {data, rgb, width, height} = await readPhoto(root);
const server = await serve(root, {
  isolated: false, pages: {'/page.html': HTML, '/photo.rgba': Buffer.from(data), '/photo.rgb': Buffer.from(rgb)}});
const browser = await launch();
const results = [];
for (const size of [257, 513]) {
  const page = await browser.newPage();
  page.on('pageerror', error => console.error(`error: ${error.message}`));
  await page.exposeFunction('processorMs', await processorTimeOf(page));
  await page.goto(`${server.address}/page.html`);
  results.push(...await page.evaluate(async options => {
    const {measure} = await import('/bench/js/page.mjs');
    return measure({...options, cpuMs: window.processorMs});
  }, {where: `Chromium ${browser.version()}`, size, width, height, rounds}));
  await page.close();
}
await browser.close();
server.close();
const machine = {cpu: os.cpus()[0].model, cores: os.cpus().length, load: os.loadavg()[0]};
console.log(JSON.stringify({machine, rounds, results}));
