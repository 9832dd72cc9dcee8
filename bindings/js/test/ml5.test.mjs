// SPDX-License-Identifier: Apache-2.0
// Errors in p5 sketches, in Chromium: no camera, no permission, no model. Each is reported in one line, by callbacks,
// promises and, if a sketch handles neither, the console.
//
//   node --test bindings/js/test/ml5.test.mjs
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {launch, serve, browserSkipReason} from './browser_page.mjs';
import {root, skipReason} from './fixtures.mjs';

const reason = skipReason() ?? browserSkipReason();
if (reason) console.log(`skipped: ${reason}`);

/** A page with a sketch whose setup() ends with `code`; the test waits for `reported`. */
const sketch = code => `<!doctype html><title>Sketch</title>
<script src="/bindings/js/node_modules/p5/lib/p5.min.js"></script>
<script src="/bindings/js/dist/posenet-ml5.js"></script>
<script>
let reported;
const report = error => { reported = error.code + ': ' + error.message; };
function setup() {
  createCanvas(64, 48);
  ${code}
}
</script>`;

const CAPTURE = 'const video = createCapture(VIDEO); video.hide();';
const PAGES = {
  '/bodyPose.html': `${CAPTURE} ml5.bodyPose().detectStart(video, (results, error) => report(error));`,
  '/detect.html': `${CAPTURE} ml5.bodyPose().detect(video).catch(report);`,
  '/poseNet.html': `${CAPTURE} ml5.poseNet(video, error => report(error));`,
  '/event.html': `${CAPTURE} ml5.poseNet(video).on('error', report);`,
  '/ready.html': `${CAPTURE} ml5.poseNet(video).ready.catch(report);`,
  // Like most sketches, these do not handle errors.
  '/quiet.html': `${CAPTURE} ml5.bodyPose().detectStart(video, results => { throw new Error('called with ' + results); });`,
  '/quietNet.html': `${CAPTURE} ml5.poseNet(video, () => {});`,
  '/missing.html': 'ml5.bodyPose({modelUrl: "no/such.safetensors"}, (model, error) => report(error));',
  '/missingNet.html': 'ml5.poseNet({modelUrl: "no/such.safetensors"}, report);',
  '/wrong.html': 'ml5.bodyPose({modelUrl: "/bindings/js/package.json"}, (model, error) => report(error));',
  '/late.html': 'const video = createVideo("no-such-video.webm");' +
    'ml5.bodyPose().detectStart(video, (results, error) => report(error));',
};

describe('sketches in Chromium', {skip: reason}, () => {
  /** Returns the error that each page reports: to its handlers, or on the console if it has none. */
  async function run(pages, flags, permissions) {
    const errors = {};
    const server = await serve(root, {
      pages: Object.fromEntries(Object.entries(PAGES).map(([path, code]) => [path, sketch(code)]))});
    const browser = await launch({flags});
    try {
      const context = await browser.newContext({permissions});
      for (const path of pages) {
        const page = await context.newPage();
        const [lines, thrown] = [[], []];
        page.on('console', message => message.type() === 'error' && lines.push(message.text()));
        page.on('pageerror', error => thrown.push(error.message));
        await page.goto(server.address + path);
        const isQuiet = path.startsWith('/quiet');
        if (isQuiet) {
          await page.waitForEvent('console', {
            predicate: message => /^(bodyPose|poseNet): /.test(message.text()), timeout: 20_000});
        } else {
          await page.waitForFunction('reported', null, {timeout: 20_000});
        }
        const line = lines.find(text => /^(bodyPose|poseNet): /.test(text));
        errors[path] = isQuiet ? line : await page.evaluate('reported');
        // p5 itself also throws if it cannot load a file.
        if (path !== '/late.html') assert.deepEqual(thrown, [], path);
        await page.close();
      }
    } finally {
      await browser.close();
      server.close();
    }
    return errors;
  }

  const WITH_CAMERA = Object.keys(PAGES).filter(path => PAGES[path].startsWith(CAPTURE));

  test('a missing camera is reported', async () => {
    const errors = await run(WITH_CAMERA, [], ['camera']);
    for (const [path, error] of Object.entries(errors)) assert.match(error, /: no camera was found/, path);
    assert.match(errors['/bodyPose.html'], /^not-found: /);
  });

  test('a denied camera is reported', async () => {
    const errors = await run(WITH_CAMERA, ['--use-fake-device-for-media-stream', '--deny-permission-prompts'], []);
    for (const [path, error] of Object.entries(errors)) assert.match(error, /: the camera was not allowed/, path);
    assert.match(errors['/bodyPose.html'], /^permission-denied: /);
  });

  test('a missing model, an invalid model and a missing video are reported', async () => {
    const errors = await run(['/missing.html', '/missingNet.html', '/wrong.html', '/late.html'], [], []);
    assert.match(errors['/missing.html'], /^not-found: .*no\/such\.safetensors.*404/);
    assert.match(errors['/missingNet.html'], /^not-found: .*no\/such\.safetensors.*404/);
    assert.match(errors['/wrong.html'], /^(corrupt-data|unsupported): .*package\.json/);
    assert.match(errors['/late.html'], /^not-found: the video of .*no-such-video\.webm.* cannot be loaded/);
  });
});
