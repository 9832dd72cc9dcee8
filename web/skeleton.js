// SPDX-License-Identifier: Apache-2.0
// Names of keypoints, and people drawn over pictures.

/** In COCO's order, which is that of poses. */
export const NAMES = [
  'nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear', 'left_shoulder', 'right_shoulder', 'left_elbow', 'right_elbow',
  'left_wrist', 'right_wrist', 'left_hip', 'right_hip', 'left_knee', 'right_knee', 'left_ankle', 'right_ankle'];

// Arms, legs and trunk, without the face.
const LIMBS = [
  ['left_hip', 'left_shoulder'], ['left_elbow', 'left_shoulder'], ['left_elbow', 'left_wrist'], ['left_hip', 'left_knee'],
  ['left_knee', 'left_ankle'], ['right_hip', 'right_shoulder'], ['right_elbow', 'right_shoulder'],
  ['right_elbow', 'right_wrist'], ['right_hip', 'right_knee'], ['right_knee', 'right_ankle'],
  ['left_shoulder', 'right_shoulder'], ['left_hip', 'right_hip']].map(limb => limb.map(name => NAMES.indexOf(name)));

export const COLOURS = ['#38bdf8', '#f472b6', '#a3e635', '#fbbf24', '#c084fc', '#fb7185', '#2dd4bf', '#f97316'];

const LONGEST_SIDE = 1600; // Of what is shown, in pixels: larger photos are drawn smaller.

/** Draws `picture` onto the canvas, and leaves its context in pixels of a picture of `width`: pixel centres are whole. */
export function drawPicture(canvas, picture, {width, height, mirror = false}) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (mirror) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  context.translate(0.5, 0.5);
  return context;
}

/** The box around the keypoints of at least `minScore`, or undefined. */
export function boxOf(keypoints, minScore) {
  const sure = keypoints.filter(({score}) => score >= minScore);
  if (sure.length === 0) return undefined;
  const [xs, ys] = [sure.map(({x}) => x), sure.map(({y}) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y};
}

function drawLimbs(context, keypoints, isSure) {
  for (const [from, to] of LIMBS) {
    if (!isSure(keypoints[from]) || !isSure(keypoints[to])) continue;
    context.beginPath();
    context.moveTo(keypoints[from].x, keypoints[from].y);
    context.lineTo(keypoints[to].x, keypoints[to].y);
    context.stroke();
  }
}

function drawLabel(context, text, keypoints, size) {
  const top = keypoints.reduce((best, point) => !best || point.y < best.y ? point : best, null);
  if (!top) return;
  context.font = `600 ${Math.round(size * 6)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.lineWidth = size;
  context.strokeStyle = 'rgba(0, 0, 0, .65)';
  const y = Math.max(top.y - size * 4, size * 6); // Heads at the upper edge have their label on them.
  context.strokeText(text, top.x, y);
  context.fillText(text, top.x, y);
}

/** Draws a person; `size` is the width of lines in pixels of the picture. */
export function drawPose(context, pose, {colour, size, minScore, keypoints = true, skeleton = true, box = false, label}) {
  const isSure = ({score}) => score >= minScore;
  const sure = pose.keypoints.filter(isSure);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = size;
  context.lineCap = 'round';
  if (skeleton) drawLimbs(context, pose.keypoints, isSure);
  for (const {x, y} of keypoints ? sure : []) {
    context.beginPath();
    context.arc(x, y, size * 1.2, 0, 2 * Math.PI);
    context.fill();
  }
  const around = box && boxOf(pose.keypoints, minScore);
  if (around) context.strokeRect(around.x, around.y, around.width, around.height);
  if (label) drawLabel(context, label, sure, size);
}

/** Lines as wide as suits a picture. */
export const lineWidthOf = ({width, height}) => Math.max(2, Math.max(width, height) / 200);
