// SPDX-License-Identifier: Apache-2.0
// What the pages share: the status line, numbers as words, pictures that people give, and what is here to be shown.

export const element = id => document.getElementById(id);

/** Tells `text` where screen readers hear it, too. */
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

/** What the server has; where pages are served by another one, all of it is taken to be there. */
export async function describeSite() {
  try {
    const response = await fetch('site.json');
    if (response.ok) return await response.json();
  } catch {
    // Offline, or another server.
  }
  return {package: true, tfjsShape: true, ml5Bundle: true, libraries: true, room: true, roomModel: true, models: [],
          photos: ['human-sample-body.jpg']};
}

/** Shows what is missing in the page's note. */
export function note(text) {
  element('note').textContent = text;
  element('note').hidden = false;
}

/** The picture in a file or an answer, upright. Errors: with words for people. */
export async function decodePicture(blob, name) {
  try {
    return await createImageBitmap(blob, {imageOrientation: 'from-image'});
  } catch {
    throw new Error(`${name} is not a picture that this browser can show`);
  }
}

/** A picture of this site. */
export async function fetchPicture(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return decodePicture(await response.blob(), url);
}

/** The pixels of what a canvas can draw. */
export function pixelsOf(source, width = source.width, height = source.height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Calls `take` with each file that is chosen, dropped onto `stage`'s page, or pasted. */
export function listenForFiles(input, stage, take) {
  input.addEventListener('change', () => {
    const [file] = input.files;
    input.value = ''; // The same file may be chosen again.
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
    if (file) take(file); else say('That is not a file.', true);
  });
  addEventListener('paste', event => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) take(file);
  });
}

/** Copies the text of `source` when `button` is pressed. */
export function listenForCopy(button, source) {
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      say('Copied.');
    } catch (error) {
      say(`Cannot copy: ${error.message}`, true);
    }
  });
}
