// SPDX-License-Identifier: Apache-2.0
// The frames of a camera that shows an image moving from side to side, with a marker at the bottom that encodes its
// position.

/** The format of the frames. The image is `size` x `size` pixels. */
export const CAMERA = {width: 640, height: 480, framesPerSecond: 15, size: 472};

const FRAME_COUNT = 40; // One period.
const MAX_OFFSET = CAMERA.width - CAMERA.size;
const BAND_HEIGHT = CAMERA.height - CAMERA.size; // Below the image: black, with a white marker.
const MARKER_WIDTH = 16;

/** The left edge of the image in frame `index`. Even, because cameras halve the resolution of chroma. */
function offsetOf(index) {
  return 2 * Math.round(MAX_OFFSET / 4 * (1 - Math.cos(2 * Math.PI * index / FRAME_COUNT)));
}

/** Yields the RGBA pixels of each frame; `first` is the frame with the image at [0, 0], where the sequence starts. */
export function* cameraFrames(first) {
  const {width, height, size} = CAMERA;
  for (let index = 0; index < FRAME_COUNT; ++index) {
    const offset = offsetOf(index);
    const frame = Buffer.alloc(4 * width * height, 255);
    for (let y = 0; y < height; ++y) {
      for (let x = 0; x < width; ++x) {
        const at = 4 * (y * width + x);
        if (y >= height - BAND_HEIGHT) {
          frame.fill(x >= offset && x < offset + MARKER_WIDTH ? 255 : 0, at, at + 3);
          continue;
        }
        // Repeat the border of the image beside it, so that there is no edge.
        const from = 4 * (y * width + Math.min(Math.max(x - offset, 0), size - 1));
        first.copy(frame, at, from, from + 3);
      }
    }
    yield frame;
  }
}

/** Returns the left edge of the image, given an RGBA row of the band with the marker. */
export function findMarker(row) {
  const marked = [];
  for (let x = 0; x < row.length / 4; ++x) if (row[4 * x] > 128) marked.push(x);
  return marked.length === 0 ? NaN : marked.reduce((sum, x) => sum + x, 0) / marked.length - (MARKER_WIDTH - 1) / 2;
}
