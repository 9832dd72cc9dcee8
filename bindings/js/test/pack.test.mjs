// SPDX-License-Identifier: Apache-2.0
// The package as users get it: `npm pack`, installed in an empty project; the README's example in Node; bundled by Vite,
// in Chromium; its types.
//
//   node --test bindings/js/test/pack.test.mjs
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {launch, serve, whyNoBrowser} from './browser_page.mjs';
import {root, whyNot} from './photos.mjs';

const reason = whyNot() ?? whyNoBrowser();
if (reason) console.log(`skipped: ${reason}`);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const photo = join(root, 'models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg');

/** The README's code block that follows `<!-- example: NAME -->`. */
function example(name) {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
  const found = readme.match(new RegExp(`<!-- example: ${name} -->\n\`\`\`\\w+\n([^]*?)\n\`\`\``));
  assert.ok(found, `the README has no example ${name}`);
  return found[1];
}

describe('the package', {skip: reason}, () => {
  let project;
  before(() => {
    project = mkdtempSync(join(tmpdir(), 'posenet-pack-'));
    writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
    const npm = (...args) => execFileSync('npm', args, {cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
    const [{filename}] = JSON.parse(npm('pack', packageFolder, '--json', '--ignore-scripts'));
    npm('install', `./${filename}`, '--offline', '--ignore-scripts', '--no-audit', '--no-fund');
    mkdirSync(join(project, 'node_modules/jpeg-js'), {recursive: true});
    execFileSync('cp', ['-r', join(packageFolder, 'node_modules/jpeg-js'), join(project, 'node_modules/')]);
    execFileSync('cp', [photo, join(project, 'photo.jpg')]);
  });
  after(() => rmSync(project, {recursive: true, force: true}));

  test('runs the README\'s example in Node', () => {
    writeFileSync(join(project, 'node.mjs'), example('node'));
    const output = execFileSync('node', ['node.mjs'], {cwd: project, encoding: 'utf8'});
    assert.match(output, /^nose at \d+, \d+ \((0\.9\d|1\.00)\)/);
  });

  test('has types', () => {
    const source = `import {load, type Pose} from '@posenet/posenet';
      import {createDetector, SupportedModels} from '@posenet/posenet/pose-detection';
      import {bodyPose} from '@posenet/posenet/ml5';
      const pose: Pose = await (await load()).estimateSinglePose(new ImageData(1, 1));
      const {keypoints} = (await (await createDetector(SupportedModels.PoseNet)).estimatePoses(new ImageData(1, 1)))[0]!;
      export const x: number = pose.keypoints[0]!.position.x + keypoints[0]!.x + bodyPose().getSkeleton().length;`;
    writeFileSync(join(project, 'types.mts'), source);
    execFileSync(join(packageFolder, 'node_modules/.bin/tsc'), ['--noEmit', '--strict', '--target', 'es2022', '--module',
      'nodenext', 'types.mts'], {cwd: project, stdio: ['ignore', 'pipe', 'pipe']});
  });

  test('is bundled by Vite', async () => {
    const {build} = await import('vite');
    writeFileSync(join(project, 'index.html'),
        '<!doctype html><title>Test</title><script type="module" src="/page.js"></script>');
    writeFileSync(join(project, 'page.js'), `${example('browser').replace(/^const image = .*$/m, `
      const image = new Image();
      image.src = '/photo.jpg';
      await image.decode();`)}\nwindow.answer = poses;`);
    mkdirSync(join(project, 'public'));
    execFileSync('cp', [photo, join(project, 'public/photo.jpg')]);
    await build({root: project, logLevel: 'error', configFile: false, build: {target: 'esnext'}, worker: {format: 'es'}});
    for (const isolated of [true, false]) {
      const server = await serve(join(project, 'dist'), {
        isolated, pages: {'/': readFileSync(join(project, 'dist/index.html'), 'utf8')}});
      const browser = await launch();
      try {
        const page = await browser.newPage();
        const errors = [];
        page.on('pageerror', error => errors.push(error.message));
        await page.goto(`${server.address}/index.html`);
        await page.waitForFunction(() => window.answer, undefined, {timeout: 30000}).catch(error => {
          throw new Error(`${error.message}; ${errors.join('; ')}`);
        });
        const score = await page.evaluate(() => window.answer[0].keypoints[0].score);
        assert.ok(score > 0.9, `${score}`);
      } finally {
        await browser.close();
        server.close();
      }
    }
  });
});
