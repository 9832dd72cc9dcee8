// SPDX-License-Identifier: Apache-2.0
// Shared by the pages: the status line, formatting, images and files from the user, and what the server has.

export const element = id => document.getElementById(id);

/** Shows `text` in the status line, which screen readers announce. */
export function say(text, isError = false) {
  const status = element('status');
  status.textContent = text;
  status.classList.toggle('error', isError);
}

export const milliseconds = value => Number.isFinite(value) ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : '–';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Describes what the server has. Another server than serve.mjs is assumed to have everything. */
export async function describeSite() {
  try {
    const response = await fetch('site.json');
    if (response.ok) return await response.json();
  } catch {
    // Offline, or another server.
  }
  return {package: true, tfjsShape: true, ml5Bundle: true, libraries: true, room: true, roomModel: true, models: [],
          images: ['human-sample-body.jpg']};
}

/** Shows `text` in the page's note, which says what is missing. */
export function note(text) {
  element('note').textContent = text;
  element('note').hidden = false;
}

/** Decodes an image, upright. Rejects with an error for the status line. */
export async function decodeImage(blob, name) {
  try {
    return await createImageBitmap(blob, {imageOrientation: 'from-image'});
  } catch {
    throw new Error(`${name} is not an image that this browser supports`);
  }
}

/** Fetches an image of this site. */
export async function fetchImage(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server responded with status ${response.status}`);
  return decodeImage(await response.blob(), url);
}

/** Returns the pixels of anything that a canvas can draw. */
export function pixelsOf(source, width = source.width, height = source.height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Calls `take` with each file that is chosen, pasted, or dropped anywhere on the page; `stage` is highlighted. */
export function listenForFiles(input, stage, take) {
  input.addEventListener('change', () => {
    const [file] = input.files;
    input.value = ''; // Allows choosing the same file again.
    if (file) take(file);
  });
  for (const type of ['dragenter', 'dragover']) {
    addEventListener(type, event => {
      event.preventDefault();
      stage.classList.add('over');
    });
  }
  addEventListener('dragleave', event => {
    if (!event.relatedTarget) stage.classList.remove('over');
  });
  addEventListener('drop', event => {
    event.preventDefault();
    stage.classList.remove('over');
    const [file] = event.dataTransfer.files;
    if (file) take(file); else say('What was dropped is not a file.', true);
  });
  addEventListener('paste', event => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) take(file);
  });
}

/** Copies the text of `source` when `button` is clicked. */
export function listenForCopy(button, source) {
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      say('Copied.');
    } catch (error) {
      say(`Could not copy: ${error.message}`, true);
    }
  });
}
