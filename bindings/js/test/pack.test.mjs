// SPDX-License-Identifier: Apache-2.0
// The package as users install it: packed, installed in an empty project, with its types and every example of the
// README, in Node or, bundled by Vite, in Chromium; and the size of its download.
//
//   node --test bindings/js/test/pack.test.mjs
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {launch, serve, browserSkipReason} from './browser_page.mjs';
import {cameraModel} from './camera_model.mjs';
import * as movingPerson from './moving_person.mjs';
import {imagePath, modelPath, readImage, skipReason, subsampled} from './fixtures.mjs';

const reason = skipReason() ?? browserSkipReason();
if (reason) console.log(`skipped: ${reason}`);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const photo = imagePath('human-sample-body.jpg');

/** Returns the README's code block after `<!-- example: NAME -->`. */
function example(name) {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
  const found = readme.match(new RegExp(`<!-- example: ${name} -->\n\`\`\`\\w+\n([^]*?)\n\`\`\``));
  assert.ok(found, `the README has no example ${name}`);
  return found[1];
}

/** The pages that the README's examples expect: an image in an <img>, or as a video in a <video>. */
const IMAGE_PAGE = `
  const image = document.createElement('img');
  image.src = '/photo.jpg';
  document.body.append(image);
  await image.decode();`;
const VIDEO_PAGE = `${IMAGE_PAGE}
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 320});
  const paint = () => canvas.getContext('2d').drawImage(image, 0, 0, 320, 320);
  setInterval(paint, 50);
  const video = Object.assign(document.createElement('video'), {muted: true, srcObject: canvas.captureStream()});
  await video.play();`;

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

  /** Runs a program in the project. Returns its output. */
  function run(source) {
    writeFileSync(join(project, 'program.mjs'), source);
    return execFileSync('node', ['program.mjs'], {cwd: project, encoding: 'utf8'});
  }
  const READ_PHOTO = `import {readFileSync} from 'node:fs';
    import jpeg from 'jpeg-js';
    const photo = jpeg.decode(readFileSync('photo.jpg'));`;

  test('runs the README\'s example in Node', () => {
    assert.match(run(example('node')), /^nose at \d+, \d+ \((0\.9\d|1\.00)\)/);
  });

  test('replaces TensorFlow.js by a change of the import', () => {
    const changed = example('drop-in').split('\n').filter(line => !line.startsWith('-')).map(line => line.slice(1));
    const program = `${changed.join('\n')}\n${READ_PHOTO}
      const net = await posenet.load({architecture: 'MobileNetV1', outputStride: 16, inputResolution: 257, multiplier: 0.75});
      const [pose] = await net.estimateMultiplePoses(photo, {flipHorizontal: false, maxDetections: 5});
      console.log(pose.keypoints[0].part, pose.keypoints[0].score > 0.9);`;
    assert.equal(run(program), 'nose true\n');
  });

  test('runs the README\'s camera example', () => {
    writeFileSync(join(project, 'room.safetensors'), cameraModel());
    const output = run(`${READ_PHOTO}\n${example('camera')}\nconsole.log(JSON.stringify([...position, ...quaternion]))`);
    const numbers = JSON.parse(output);
    assert.equal(numbers.length, 7);
    assert.ok(Math.abs(Math.hypot(...numbers.slice(3)) - 1) < 1e-6, output);
  });

  test('runs the README\'s sketch', async () => {
    execFileSync('cp', [join(packageFolder, 'node_modules/p5/lib/p5.min.js'), project]);
    const camera = join(project, 'person.y4m');
    movingPerson.writeVideo(camera, subsampled(readImage('human-sample-body.jpg'), 5));
    const server = await serve(project, {pages: {'/sketch.html': `<!doctype html><title>Sketch</title>${example('ml5')}`}});
    const browser = await launch({camera});
    try {
      const page = await (await browser.newContext({permissions: ['camera']})).newPage();
      const errors = [];
      page.on('pageerror', error => errors.push(error.message));
      await page.goto(`${server.address}/sketch.html`);
      await page.waitForFunction('poses.length > 0 && poses[0].nose.confidence > 0.5', null, {timeout: 60_000});
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
      server.close();
    }
  });

  test('has type declarations', () => {
    const source = `import {load, type Pose} from '@posenet/posenet';
      import {createDetector, SupportedModels} from '@posenet/posenet/pose-detection';
      import {bodyPose} from '@posenet/posenet/ml5';
      import {createDetectorInWorker, loadInWorker, loadLocalizerInWorker} from '@posenet/posenet/worker';
      const pose: Pose = await (await load()).estimateSinglePose(new ImageData(1, 1));
      const {keypoints} = (await (await createDetector(SupportedModels.PoseNet)).estimatePoses(new ImageData(1, 1)))[0]!;
      const [remote] = await (await createDetectorInWorker(SupportedModels.PoseNet)).estimatePoses(new ImageData(1, 1));
      const other: Pose = await (await loadInWorker()).estimateSinglePose(new ImageData(1, 1));
      const [x0]: number[] = (await (await loadLocalizerInWorker('room.safetensors')).localize(new ImageData(1, 1))).position;
      export const y: number = remote!.keypoints[0]!.x + other.score + x0!;
      export const x: number = pose.keypoints[0]!.position.x + keypoints[0]!.x + bodyPose().getSkeleton().length;`;
    writeFileSync(join(project, 'types.mts'), source);
    execFileSync(join(packageFolder, 'node_modules/.bin/tsc'), ['--noEmit', '--strict', '--target', 'es2022', '--module',
      'nodenext', 'types.mts'], {cwd: project, stdio: ['ignore', 'pipe', 'pipe']});
  });

  test('is bundled by Vite', async () => {
    const {build} = await import('vite');
    const programs = {
      browser: example('browser'), worker: example('worker'),
      detection: example('pose-detection'),
    };
    for (const [name, program] of Object.entries(programs)) {
      writeFileSync(join(project, `${name}.html`),
          `<!doctype html><title>Test</title><body><script type="module" src="/${name}.js"></script>`);
      const before = name === 'detection' ? VIDEO_PAGE : IMAGE_PAGE;
      // The page already declares `image`, so the example uses another name.
      const renamed = program.replace(/^const image = (.*)$/m, 'const found = $1').replaceAll('(image,', '(found,');
      writeFileSync(join(project, `${name}.js`), `${before}\n${renamed}\nwindow.poses = poses;`);
    }
    mkdirSync(join(project, 'public'));
    execFileSync('cp', [photo, join(project, 'public/photo.jpg')]);
    await build({
      root: project, logLevel: 'error', configFile: false,
      build: {target: 'esnext', rollupOptions: {input: Object.keys(programs).map(name => join(project, `${name}.html`))}}});
    const browser = await launch();
    try {
      for (const isolated of [true, false]) {
        for (const name of Object.keys(programs)) assert.ok(await scoreOf(browser, name, isolated) > 0.9, name);
      }
    } finally {
      await browser.close();
    }
  });

  /** Returns the score of the first keypoint that the bundled page finds. */
  async function scoreOf(browser, name, isolated) {
    const server = await serve(join(project, 'dist'), {isolated});
    const page = await browser.newPage();
    try {
      const errors = [];
      page.on('pageerror', error => errors.push(error.message));
      await page.goto(`${server.address}/${name}.html`);
      await page.waitForFunction(() => window.poses, undefined, {timeout: 60_000}).catch(error => {
        throw new Error(`${name}: ${error.message}; ${errors.join('; ')}`);
      });
      return await page.evaluate(() => window.poses[0].keypoints[0].score);
    } finally {
      await page.close();
      server.close();
    }
  }
});

/** Returns the file and its static imports, which a page fetches with it. */
function withImports(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?'(\.[^';]+)';/gm)) {
    withImports(join(dirname(file), path), found);
  }
  return found;
}

// Sizes of the original files: bundlers reduce the loader, and servers compress everything.
describe('the download', () => {
  const loader = join(packageFolder, 'dist/core/index.js');
  const module = join(packageFolder, 'dist/wasm/posenet.wasm');
  const weights = modelPath('mobilenet075-int8');
  const builders = [[loader, 'build-js'], [module, 'build-js'], [weights, 'fetch-models']];
  const missing = builders.find(([file]) => !existsSync(file));
  const why = missing && `${missing[0]} is missing; run scripts/${missing[1]}`;
  if (why) console.log(`skipped: ${why}`);

  test('is less than 2.1 MB for one thread and int8 weights', {skip: why}, () => {
    const scripts = [...withImports(loader)];
    for (const name of ['model', 'module', 'platform']) {
      assert.ok(scripts.includes(join(dirname(loader), `${name}.js`)), `the loader lacks ${name}.js`);
    }
    const sizes = Object.fromEntries([module, ...scripts, weights].map(file => [file, statSync(file).size]));
    const sum = Object.values(sizes).reduce((a, b) => a + b);
    assert.ok(sum < 2_100_000, `${sum} bytes: ${JSON.stringify(sizes, null, 1)}`);
  });
});
