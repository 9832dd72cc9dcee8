// SPDX-License-Identifier: Apache-2.0
// Helpers for tests in a browser: a server, with or without cross-origin isolation, and headless Chromium.
import {createReadStream, existsSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, normalize} from 'node:path';

import {root} from './fixtures.mjs';

const CHROMIUM = '/usr/bin/chromium';
const TYPES = {'.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg', '.json': 'application/json'};

/** The reason why tests in a browser cannot run; undefined if they can. */
export function browserSkipReason() {
  if (!existsSync(CHROMIUM)) return `${CHROMIUM} is missing (Debian: chromium)`;
  if (!existsSync(join(root, 'bindings/js/models/mobilenet075-int8.safetensors'))) {
    return 'bindings/js/models is empty; run scripts/fetch-models and then scripts/build-js';
  }
  return undefined;
}

/** Serves `folder`. If `isolated`, pages can share memory with workers. `pages` are texts by path. */
export async function serve(folder, {isolated = true, pages = {}} = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const headers = {'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream'};
    if (isolated) {
      Object.assign(headers, {
        'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'});
    }
    const file = join(folder, normalize(path));
    if (path in pages) {
      response.writeHead(200, headers).end(pages[path]);
    } else if (existsSync(file) && statSync(file).isFile()) {
      response.writeHead(200, headers);
      createReadStream(file).pipe(response);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {address: `http://127.0.0.1:${server.address().port}`, close: () => server.close()};
}

/** Starts headless Chromium with additional `flags`. Its webcam plays `camera` (a .y4m file), if given. */
export async function launch({camera, flags = []} = {}) {
  const {chromium} = await import('playwright-core');
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc', '--enable-precise-memory-info',
      ...(camera ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`] : []),
      ...flags],
  });
}
