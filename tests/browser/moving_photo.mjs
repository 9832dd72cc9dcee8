// SPDX-License-Identifier: Apache-2.0
// A camera's view of a photo that moves from side to side, with a mark along the bottom that tells where it is.

/** Of the camera. The photo is drawn `size` pixels wide and high. */
export const CAMERA = {width: 640, height: 480, framesPerSecond: 15, size: 472};

const FRAME_COUNT = 40; // There and back.
const MOST_OFFSET = CAMERA.width - CAMERA.size;
const BAND_HEIGHT = CAMERA.height - CAMERA.size; // Below the photo: black, with a white mark.
const MARK_WIDTH = 16;

/** Where the photo begins in frame `index`: even, for cameras halve the resolution of colours. */
function offsetOf(index) {
  return 2 * Math.round(MOST_OFFSET / 4 * (1 - Math.cos(2 * Math.PI * index / FRAME_COUNT)));
}

/** RGBA of each frame; `photo` is a frame that has the photo at [0, 0]. The first frame has it there. */
export function* cameraFrames(photo) {
  const {width, height, size} = CAMERA;
  for (let index = 0; index < FRAME_COUNT; ++index) {
    const offset = offsetOf(index);
    const frame = Buffer.alloc(4 * width * height, 255);
    for (let y = 0; y < height; ++y) {
      for (let x = 0; x < width; ++x) {
        const at = 4 * (y * width + x);
        if (y >= height - BAND_HEIGHT) {
          frame.fill(x >= offset && x < offset + MARK_WIDTH ? 255 : 0, at, at + 3);
          continue;
        }
        // Beside the photo its edge goes on, so that nothing begins there.
        const from = 4 * (y * width + Math.min(Math.max(x - offset, 0), size - 1));
        photo.copy(frame, at, from, from + 3);
      }
    }
    yield frame;
  }
}

/** Where the photo begins, by the mark in a row (RGBA) of the band. */
export function findMarker(row) {
  const marked = [];
  for (let x = 0; x < row.length / 4; ++x) if (row[4 * x] > 128) marked.push(x);
  return marked.length === 0 ? NaN : marked.reduce((sum, x) => sum + x, 0) / marked.length - (MARK_WIDTH - 1) / 2;
}
