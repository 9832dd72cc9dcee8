// SPDX-License-Identifier: Apache-2.0
// What the tests of the pages share: the server, Chromium with a camera that shows somebody moving, and pages that are
// watched for errors.
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {
  findChromium, launch, photoPixels, skip, temporaryFolder, writeY4m,
} from '../../tests/browser/harness.mjs';
import {CAMERA, cameraFrames} from '../../tests/browser/moving_photo.mjs';
import {serve} from '../serve.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const here = path => existsSync(join(ROOT, path));
export const PHOTOS = join(ROOT, 'models/node_modules/weights-mobilenet100/assets');

/** Skips all tests where what pages need is not built. */
export function requireFiles(paths) {
  for (const path of paths) if (!here(path)) skip(`no ${path} (scripts/web)`);
}

/** The server and a browser whose camera shows a photo that moves from side to side. */
export async function startSite() {
  const found = await findChromium();
  const cameraFile = join(temporaryFolder(), 'camera.y4m');
  const painter = await launch(found);
  const photo = readFileSync(join(PHOTOS, 'human-sample-body.jpg'));
  await writeY4m(cameraFile, CAMERA, cameraFrames(await photoPixels(painter, photo, CAMERA)));
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

/** The page at `url`, opened; `failures` of it grows with errors, and with requests to elsewhere. */
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

/** A picture of the page as it is, where POSENET_SCREENSHOTS names a folder; for a desktop and for a phone. */
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

/** Resolves when the status line matches; rejects at once when it says another error. */
export async function waitForStatus(page, pattern, timeout = 60_000) {
  await page.waitForFunction(source => new RegExp(source).test(document.getElementById('status').textContent),
                             pattern.source, {timeout});
}

/** The page may not be wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
