// SPDX-License-Identifier: Apache-2.0
// Sketches of p5 that do not get what they want, in Chromium: no camera, no permission, no model. Each is told so in one
// readable line, by callbacks, promises and, where a sketch listens to neither, the console.
//
//   node --test bindings/js/test/ml5.test.mjs
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {launch, serve, whyNoBrowser} from './browser_page.mjs';
import {root, whyNot} from './photos.mjs';

const reason = whyNot() ?? whyNoBrowser();
if (reason) console.log(`skipped: ${reason}`);

/** A page with a sketch whose setup() ends with `code`; `answer` is what the test waits for. */
const sketch = code => `<!doctype html><title>Sketch</title>
<script src="/bindings/js/node_modules/p5/lib/p5.min.js"></script>
<script src="/bindings/js/dist/posenet-ml5.js"></script>
<script>
let answer;
const told = error => { answer = error.code + ': ' + error.message; };
function setup() {
  createCanvas(64, 48);
  ${code}
}
</script>`;

const CAPTURE = 'const video = createCapture(VIDEO); video.hide();';
const PAGES = {
  '/bodyPose.html': `${CAPTURE} ml5.bodyPose().detectStart(video, (results, error) => told(error));`,
  '/detect.html': `${CAPTURE} ml5.bodyPose().detect(video).catch(told);`,
  '/poseNet.html': `${CAPTURE} ml5.poseNet(video, error => told(error));`,
  '/event.html': `${CAPTURE} ml5.poseNet(video).on('error', told);`,
  '/ready.html': `${CAPTURE} ml5.poseNet(video).ready.catch(told);`,
  // As most sketches are: nothing in them listens to errors.
  '/quiet.html': `${CAPTURE} ml5.bodyPose().detectStart(video, results => { throw new Error('called with ' + results); });`,
  '/quietNet.html': `${CAPTURE} ml5.poseNet(video, () => {});`,
  '/missing.html': 'ml5.bodyPose({modelUrl: "no/such.safetensors"}, (model, error) => told(error));',
  '/missingNet.html': 'ml5.poseNet({modelUrl: "no/such.safetensors"}, told);',
  '/wrong.html': 'ml5.bodyPose({modelUrl: "/bindings/js/package.json"}, (model, error) => told(error));',
  '/late.html': 'const video = createVideo("no-such-film.webm"); ml5.bodyPose().detectStart(video, (results, error) => told(error));',
};

describe('sketches in Chromium', {skip: reason}, () => {
  /** What each of the pages is told (undefined: the console alone was), and the errors on its console. */
  async function run(pages, flags, permissions) {
    const answers = {};
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
          await page.waitForFunction('answer', null, {timeout: 20_000});
        }
        const line = lines.find(text => /^(bodyPose|poseNet): /.test(text));
        answers[path] = isQuiet ? line : await page.evaluate('answer');
        // p5 throws at what it cannot load, whoever else is told.
        if (path !== '/late.html') assert.deepEqual(thrown, [], path);
        await page.close();
      }
    } finally {
      await browser.close();
      server.close();
    }
    return answers;
  }

  const WITH_CAMERA = Object.keys(PAGES).filter(path => PAGES[path].startsWith(CAPTURE));

  test('there is no camera', async () => {
    const answers = await run(WITH_CAMERA, [], ['camera']);
    for (const [path, answer] of Object.entries(answers)) assert.match(answer, /: no camera was found/, path);
    assert.match(answers['/bodyPose.html'], /^not-found: /);
  });

  test('the camera is refused', async () => {
    const answers = await run(WITH_CAMERA, ['--use-fake-device-for-media-stream', '--deny-permission-prompts'], []);
    for (const [path, answer] of Object.entries(answers)) assert.match(answer, /: the camera was not allowed/, path);
    assert.match(answers['/bodyPose.html'], /^permission-denied: /);
  });

  test('the model is missing, or none; the film is missing', async () => {
    const answers = await run(['/missing.html', '/missingNet.html', '/wrong.html', '/late.html'], [], []);
    assert.match(answers['/missing.html'], /^not-found: .*no\/such\.safetensors.*404/);
    assert.match(answers['/missingNet.html'], /^not-found: .*no\/such\.safetensors.*404/);
    assert.match(answers['/wrong.html'], /^(corrupt-data|unsupported): .*package\.json/);
    assert.match(answers['/late.html'], /^not-found: the video of .*no-such-film\.webm.* cannot be loaded/);
  });
});
