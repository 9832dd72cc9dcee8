// SPDX-License-Identifier: Apache-2.0
// Helpers for tests in a browser: the server, Chromium, and a camera with known content.
import {spawn} from 'node:child_process';
import {createWriteStream, existsSync, mkdtempSync, rmSync} from 'node:fs';
import {once} from 'node:events';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const SKIPPED = 77; // CTest's SKIP_RETURN_CODE.
const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// The sandbox does not work for root; the other flags keep the browser off the network.
const CHROMIUM_FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(SKIPPED);
}

/** Returns Playwright's Chromium and the path of the browser; skips the test if one of them is missing. */
export async function findChromium() {
  const executablePath = CHROMIUM_PATHS.find(existsSync);
  if (!executablePath) skip('chromium is not installed');
  try {
    const {chromium} = await import('playwright-core');
    return {chromium, executablePath};
  } catch {
    skip('playwright-core is not installed (npm ci --ignore-scripts in tests/browser)');
  }
}

/** Starts a browser with additional Chromium `flags`. */
export function launch({chromium, executablePath}, flags = []) {
  return chromium.launch({executablePath, args: [...CHROMIUM_FLAGS, ...flags]});
}

/** Creates a folder that is deleted when the process exits. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'posenet-browser-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** `posenet serve ...` on a free port. */
export class Server {
  static async start(command, options) {
    const child = spawn(command, ['serve', '--port', '0', ...options], {stdio: ['ignore', 'ignore', 'pipe']});
    process.on('exit', () => child.kill('SIGKILL'));
    const url = await new Promise((resolve, reject) => {
      let log = '';
      child.stderr.setEncoding('utf8');
      child.stderr.on('data', (text) => { // Always read, so that the log does not fill its pipe.
        log += log.length < 10_000 ? text : '';
        const listening = /"listening".*?(http:\/\/127\.0\.0\.1:\d+)/.exec(log);
        if (listening) resolve(listening[1]);
      });
      child.on('exit', (status) => reject(new Error(`the server exited with status ${status}: ${log}`)));
    });
    return new Server(child, url);
  }

  constructor(child, url) {
    this.child = child;
    this.url = url;
  }

  /** Stops it with SIGTERM. Returns its exit status. */
  async stop() {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    return (await exit)[0];
  }
}

/** Decodes a JPEG and resizes it to `size` x `size` in the browser. Returns the RGBA pixels of a frame of `width` x
 *  `height` with the image at [0, 0]. */
export async function imagePixels(browser, jpegBytes, {width, height, size}) {
  const page = await browser.newPage();
  const base64 = await page.evaluate(async ({jpeg, width, height, size}) => {
    const blob = await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob();
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(await createImageBitmap(blob), 0, 0, size, size);
    const {data} = context.getImageData(0, 0, width, height);
    let text = '';
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
    return btoa(text);
  }, {jpeg: jpegBytes.toString('base64'), width, height, size});
  await page.close();
  return Buffer.from(base64, 'base64');
}

/** Converts an RGBA image to planes of luma and chroma: BT.601, 4:2:0. */
function yuvOf(rgba, width, height) {
  const luma = Buffer.alloc(width * height);
  const chromas = [Buffer.alloc(width * height / 4), Buffer.alloc(width * height / 4)];
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const [red, green, blue] = rgba.subarray(4 * (y * width + x));
      luma[y * width + x] = 16 + 0.257 * red + 0.504 * green + 0.098 * blue;
      if (x % 2 || y % 2) continue;
      const at = y / 2 * (width / 2) + x / 2;
      chromas[0][at] = 128 - 0.148 * red - 0.291 * green + 0.439 * blue;
      chromas[1][at] = 128 + 0.439 * red - 0.368 * green - 0.071 * blue;
    }
  }
  return [luma, ...chromas];
}

/** Writes an uncompressed video, which Chromium's fake camera plays in a loop. */
export async function writeY4m(path, {width, height, framesPerSecond}, frames) {
  const file = createWriteStream(path);
  file.write(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
  for (const rgba of frames) {
    file.write('FRAME\n');
    for (const plane of yuvOf(rgba, width, height)) file.write(plane);
  }
  file.end();
  await once(file, 'finish');
}
