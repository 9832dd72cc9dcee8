// SPDX-License-Identifier: Apache-2.0
// The server of the demo pages: headers, caching, and the paths that it must not serve.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {request} from 'node:http';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

import {serve} from '../serve.mjs';

const SCRIPT = fileURLToPath(new URL('../serve.mjs', import.meta.url));
const server = await serve(0);
const {port} = server.address();
test.after(() => server.close());

/** Requests a path exactly as written; fetch would normalize it. */
async function get(path, {method = 'GET', headers = {}} = {}) {
  const sent = request({host: '127.0.0.1', port, path, method, headers: {...headers, Connection: 'close'}}).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const part of response) body += part;
  return {status: response.statusCode, headers: response.headers, body};
}

test('pages are cross-origin isolated, have their content type, and are revalidated', async () => {
  const page = await get('/');
  assert.equal(page.status, 200);
  assert.match(page.body, /<title>PoseNet/);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(page.headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(page.headers['cross-origin-embedder-policy'], 'require-corp');
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal((await get('/human/page.js?x=1')).headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal((await get('/', {headers: {'If-None-Match': page.headers.etag}})).status, 304);
  const head = await get('/style.css', {method: 'HEAD'});
  assert.equal(head.body, '');
  assert.ok(Number(head.headers['content-length']) > 1000);
});

test('other files of the repository are not served', async () => {
  for (const path of [
    '/package.json', '/serve.mjs', '/README.md', '/test/pages.test.mjs', '/../README.md', '/%2e%2e/README.md',
    '/human/../../README.md', '/human/..%2f..%2fREADME.md', '/package/dist/../package.json', '/..\\README.md',
    '/package/models/../models/package.json', '/images/../package.json', '/room/../../README.md', '/index.html%00.js',
    '/node_modules/../package.json', '//etc/passwd', '/room/room/seq-01/../../../../README.md', '/nothing.html', '/human/']) {
    assert.equal((await get(path)).status, 404, path);
  }
  assert.equal((await get('/%zz')).status, 400);
  assert.equal((await get('/', {method: 'POST'})).status, 405);
});

test('site.json says what is available', async () => {
  const site = JSON.parse((await get('/site.json')).body);
  for (const name of ['package', 'tfjsShape', 'ml5Bundle', 'libraries', 'room', 'roomModel']) {
    assert.equal(typeof site[name], 'boolean', name);
  }
});

test('the command has help, reports errors, and ends with status 0 on SIGTERM', async () => {
  const run = (...words) => spawnSync(process.execPath, [SCRIPT, ...words], {encoding: 'utf8', timeout: 20_000});
  assert.match(run('--help').stdout, /--port N/);
  assert.equal(run('--help').status, 0);
  assert.deepEqual([run('--prot', '1').status, run('--prot', '1').stderr], [2, "error: unknown option '--prot'; see --help\n"]);
  assert.equal(run('--port', '65536').status, 2);
  assert.equal(run('--port').status, 2);
  const taken = run('--port', String(port));
  assert.equal(taken.status, 1);
  assert.match(taken.stderr, /already in use/);
  const child = spawn(process.execPath, [SCRIPT, '--port=0']);
  const [line] = await once(child.stdout, 'data');
  const response = await fetch(String(line).trim());
  assert.equal(response.status, 200);
  await response.text();
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
