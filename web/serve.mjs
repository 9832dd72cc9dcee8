// SPDX-License-Identifier: Apache-2.0
// Serves the demo pages, the package of bindings/js and the models, and no other file of the repository.
import {createReadStream} from 'node:fs';
import {readdir, realpath, stat} from 'node:fs/promises';
import {createServer} from 'node:http';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const HELP = `Serves the demo pages on this machine. scripts/web builds what they need and then runs this.

Usage: node web/serve.mjs [options]

Options:
  --help         Show this help.
  --port N       Port of 127.0.0.1 to listen on; 0 chooses a free one. [8000]

Pages are cross-origin isolated (COOP and COEP), which WebAssembly threads require.

Exit status: 0 when interrupted; 1 if the port is not available; 2 for an invalid command line.
`;

const WEB = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(WEB);
const MODELS = path.join(ROOT, 'models');

// The folders of the site. A path is served by the first entry whose prefix it has.
const FOLDERS = [
  ['/package/dist/', path.join(ROOT, 'bindings/js/dist')],
  ['/package/models/', MODELS, /^[\w.-]+\.safetensors$/],
  ['/images/', path.join(MODELS, 'node_modules/weights-mobilenet100/assets'), /^[\w.-]+\.jpg$/],
  ['/weights/mobilenet100/', path.join(MODELS, 'node_modules/weights-mobilenet100/models'), /^posenet\.(json|bin)$/],
  ['/room/', path.join(ROOT, 'build/demo'), /^(room\.safetensors|room\.json|room\/seq-\d+\/[\w.-]+\.png)$/],
  ['/node_modules/', path.join(WEB, 'node_modules'), /\.(js|wasm)$/],
  ['/', WEB, /^([\w-]+\/)?[\w-]+\.(html|css|js)$/],
];

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json', '.wasm': 'application/wasm', '.png': 'image/png', '.jpg': 'image/jpeg',
  '.safetensors': 'application/octet-stream', '.bin': 'application/octet-stream', '.map': 'application/json',
};

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache', // Files change during development; revalidating is cheap on this machine.
};

const exists = (...parts) => stat(path.join(ROOT, ...parts)).then(() => true, () => false);

/** Describes what is there, so that pages can say what is missing. */
async function describeSite() {
  const images = await readdir(path.join(MODELS, 'node_modules/weights-mobilenet100/assets')).catch(() => []);
  const models = await readdir(MODELS).catch(() => []);
  return {
    package: await exists('bindings/js/dist/core/index.js'),
    tfjsShape: await exists('bindings/js/dist/index.js'),
    ml5Bundle: await exists('bindings/js/dist/posenet-ml5.js'),
    libraries: await exists('web/node_modules/p5/lib/p5.min.js'),
    room: await exists('build/demo/room.json'),
    roomModel: await exists('build/demo/room.safetensors'),
    models: models.filter(name => name.endsWith('.safetensors')).sort(),
    images: images.filter(name => /^(human-)?sample-.*\.jpg$/.test(name)).sort(),
  };
}

/** The file for a path of the site, or undefined. */
async function fileOf(sitePath) {
  if (sitePath.includes('\0') || sitePath.includes('\\') || sitePath.split('/').includes('..')) return undefined;
  const found = FOLDERS.find(([prefix]) => sitePath.startsWith(prefix));
  const name = sitePath.slice(found[0].length);
  if (found[2] && !found[2].test(name)) return undefined;
  const [, folder] = found;
  try {
    // Symbolic links must not lead out of the folder, which itself may be one.
    const [top, file] = await Promise.all([realpath(folder), realpath(path.join(folder, name))]);
    const status = await stat(file);
    return file.startsWith(top + path.sep) && status.isFile() ? {file, status} : undefined;
  } catch {
    return undefined;
  }
}

function end(response, code, text, headers = {}) {
  response.writeHead(code, {...HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...headers});
  response.end(text);
}

function pathOf(request) {
  try {
    const decoded = decodeURIComponent(request.url.split(/[?#]/, 1)[0]);
    return decoded.endsWith('/') ? `${decoded}index.html` : decoded;
  } catch {
    return undefined;
  }
}

async function respond(request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return end(response, 405, 'method not allowed; use GET or HEAD\n', {Allow: 'GET, HEAD'});
  }
  const sitePath = pathOf(request);
  if (!sitePath?.startsWith('/')) return end(response, 400, 'malformed URL\n');
  if (sitePath === '/site.json') {
    return end(response, 200, JSON.stringify(await describeSite()), {'Content-Type': TYPES['.json']});
  }
  const found = await fileOf(sitePath);
  if (!found) return end(response, 404, 'not found\n');
  const etag = `"${found.status.size.toString(36)}-${Math.round(found.status.mtimeMs).toString(36)}"`;
  const headers = {...HEADERS, ETag: etag};
  if (request.headers['if-none-match'] === etag) return response.writeHead(304, headers).end();
  response.writeHead(200, {
    ...headers, 'Content-Type': TYPES[path.extname(found.file)] ?? 'application/octet-stream',
    'Content-Length': found.status.size,
  });
  if (request.method === 'HEAD') return response.end();
  createReadStream(found.file).on('error', () => response.destroy()).pipe(response);
}

/** Starts the server. Rejects with Node's errors, such as EADDRINUSE. */
export function serve(port) {
  const server = createServer((request, response) => {
    respond(request, response).catch(
        () => response.headersSent ? response.destroy() : end(response, 500, 'internal error\n'));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function parsePort(words) {
  let port = 8000;
  for (let i = 0; i < words.length; ++i) {
    const [name, value = words[++i]] = words[i].split('=', 2);
    if (name !== '--port') throw new Error(`unknown option '${name}'; see --help`);
    if (!/^\d{1,5}$/.test(value ?? '') || Number(value) > 65535) {
      throw new Error('invalid --port; expected a number from 0 to 65535');
    }
    port = Number(value);
  }
  return port;
}

async function main(words) {
  if (words.includes('--help')) return void process.stdout.write(HELP);
  let port;
  try {
    port = parsePort(words);
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(2);
  }
  try {
    const server = await serve(port);
    process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`);
  } catch (error) {
    const reason = error.code === 'EADDRINUSE' ? 'already in use; try --port 8001' : error.message;
    process.stderr.write(`error: port ${port}: ${reason}\n`);
    process.exit(1);
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}

if (process.argv[1] && fileURLToPath(import.meta.url) === path.resolve(process.argv[1])) await main(process.argv.slice(2));
