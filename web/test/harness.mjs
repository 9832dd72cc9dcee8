// SPDX-License-Identifier: Apache-2.0
// Helpers for the tests of the pages: the server, Chromium with a camera that shows a moving person, and pages whose
// errors are recorded.
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {
  findChromium, imagePixels, launch, skip, temporaryFolder, writeY4m,
} from '../../tests/browser/harness.mjs';
import {CAMERA, cameraFrames} from '../../tests/browser/moving_image.mjs';
import {serve} from '../serve.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const exists = path => existsSync(join(ROOT, path));
export const IMAGES = join(ROOT, 'models/node_modules/weights-mobilenet100/assets');

/** Skips all tests if one of these files is missing. */
export function requireFiles(paths) {
  for (const path of paths) if (!exists(path)) skip(`${path} is missing; run scripts/web`);
}

/** Starts the server, and a browser whose camera shows an image that moves from side to side. */
export async function startSite() {
  const found = await findChromium();
  const cameraFile = join(temporaryFolder(), 'camera.y4m');
  const painter = await launch(found);
  const image = readFileSync(join(IMAGES, 'human-sample-body.jpg'));
  await writeY4m(cameraFile, CAMERA, cameraFrames(await imagePixels(painter, image, CAMERA)));
  await painter.close();
  const browser = await launch(found, [
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${cameraFile}`]);
  const server = await serve(0);
  const url = `http://127.0.0.1:${server.address().port}/`;
  return {
    found, browser, url,
    async stop() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Opens the page at `url`. Its `failures` collect errors, and requests to other sites. */
export async function open(context, url, site) {
  const page = await context.newPage();
  page.failures = [];
  page.on('pageerror', error => page.failures.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') page.failures.push(`${message.text()} ${message.location().url}`);
  });
  page.on('request', request => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(site)) page.failures.push(request.url());
  });
  await page.goto(url);
  return page;
}

/** Saves screenshots for a desktop and a phone in the folder POSENET_SCREENSHOTS, if it is set. */
export async function screenshots(page, name) {
  const folder = process.env.POSENET_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, {recursive: true});
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    await page.setViewportSize({width, height});
    await page.waitForTimeout(150);
    await page.screenshot({path: join(folder, `${name}-${width}.png`), fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

export const text = (page, id) => page.locator(`#${id}`).textContent();

/** Waits until the status line matches. */
export async function waitForStatus(page, pattern, timeout = 60_000) {
  await page.waitForFunction(source => new RegExp(source).test(document.getElementById('status').textContent),
                             pattern.source, {timeout});
}

/** Returns by how many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
