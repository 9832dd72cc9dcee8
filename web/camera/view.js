// SPDX-License-Identifier: Apache-2.0
// Draws the room, the paths of the training images, and cameras.

const FRUSTUM_DEPTH_M = 0.55;

/** The twelve edges of the box from `low` to `high`. */
function edgesOf(low, high) {
  const corner = bits => [0, 1, 2].map(axis => (bits >> axis) & 1 ? high[axis] : low[axis]);
  const edges = [];
  for (let bits = 0; bits < 8; ++bits) {
    for (let axis = 0; axis < 3; ++axis) {
      if (!((bits >> axis) & 1)) edges.push([corner(bits), corner(bits | (1 << axis))]);
    }
  }
  return edges;
}

function floorLines({low, high}) {
  const lines = [];
  for (let x = Math.ceil(low[0]); x <= high[0]; ++x) lines.push([[x, high[1], low[2]], [x, high[1], high[2]]]);
  for (let z = Math.ceil(low[2]); z <= high[2]; ++z) lines.push([[low[0], high[1], z], [high[0], high[1], z]]);
  return lines;
}

/** The lines of a camera: its four corner rays, the border of the image plane, and a mark on its upper side. */
function frustumOf(worldFromCam, {focalByWidth, heightByWidth}) {
  const m = worldFromCam;
  const toWorld = (x, y, z) => [0, 4, 8].map(row => m[row] * x + m[row + 1] * y + m[row + 2] * z + m[row + 3]);
  const half = FRUSTUM_DEPTH_M / focalByWidth / 2;
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(
      ([x, y]) => toWorld(x * half, y * half * heightByWidth, FRUSTUM_DEPTH_M));
  const eye = toWorld(0, 0, 0);
  const top = toWorld(0, -1.5 * half * heightByWidth, FRUSTUM_DEPTH_M);
  return [
    ...corners.map(corner => [eye, corner]), ...corners.map((corner, i) => [corner, corners[(i + 1) % 4]]),
    [corners[0], top], [top, corners[1]],
  ];
}

function stroke(context, project, lines, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  for (const [from, to] of lines) {
    const line = project(from, to);
    if (!line) continue;
    context.moveTo(...line[0]);
    context.lineTo(...line[1]);
  }
  context.stroke();
}

/** Matches the canvas to the pixels of the screen, clears it, and returns its context and size. */
function fit(canvas) {
  const scale = devicePixelRatio || 1;
  const {clientWidth, clientHeight} = canvas;
  if (canvas.width !== Math.round(clientWidth * scale)) canvas.width = Math.round(clientWidth * scale);
  if (canvas.height !== Math.round(clientHeight * scale)) canvas.height = Math.round(clientHeight * scale);
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, clientWidth, clientHeight);
  context.lineJoin = context.lineCap = 'round';
  return {context, width: clientWidth, height: clientHeight};
}

/** Draws everything; `cameras` are {worldFromCam, color}, `errors` pairs of true and estimated positions. */
export function drawRoom(canvas, orbit, {room, camera, paths}, {cameras, errors}) {
  const {context, width, height} = fit(canvas);
  const project = orbit.lineProjector(width, height);
  stroke(context, project, floorLines(room), '#2c3137', 1);
  stroke(context, project, edgesOf(room.low, room.high), '#6b7682', 1.5);
  for (const path of paths) {
    stroke(context, project, path.slice(1).map((point, i) => [path[i], point]), 'rgba(122, 167, 217, .55)', 1.2);
  }
  stroke(context, project, errors, 'rgba(249, 115, 22, .8)', 1.2);
  for (const {worldFromCam, color} of cameras) stroke(context, project, frustumOf(worldFromCam, camera), color, 2.2);
}
