// SPDX-License-Identifier: Apache-2.0
// The 17 keypoints, the limbs between them, and how poses are drawn on a canvas. Plain JavaScript without imports: the
// HTTP server embeds this file in its page as it is (apps/server/CMakeLists.txt).

/** Part names in COCO's order, which is the order of a pose's keypoints, as TensorFlow.js PoseNet spells them. */
export const partNames = [
  'nose', 'leftEye', 'rightEye', 'leftEar', 'rightEar', 'leftShoulder', 'rightShoulder', 'leftElbow', 'rightElbow',
  'leftWrist', 'rightWrist', 'leftHip', 'rightHip', 'leftKnee', 'rightKnee', 'leftAnkle', 'rightAnkle',
];

const LIMB_NAMES = [
  ['leftHip', 'leftShoulder'], ['leftElbow', 'leftShoulder'], ['leftElbow', 'leftWrist'], ['leftHip', 'leftKnee'],
  ['leftKnee', 'leftAnkle'], ['rightHip', 'rightShoulder'], ['rightElbow', 'rightShoulder'],
  ['rightElbow', 'rightWrist'], ['rightHip', 'rightKnee'], ['rightKnee', 'rightAnkle'],
  ['leftShoulder', 'rightShoulder'], ['leftHip', 'rightHip'],
];

/**
 * Arms, legs and trunk, without the face, as pairs of indices into `partNames`.
 * @type {ReadonlyArray<readonly [number, number]>}
 */
export const limbs = LIMB_NAMES.map(names => {
  const [from, to] = names.map(name => partNames.indexOf(name));
  return /** @type {[number, number]} */ ([from, to]);
});

/** Colors that tell people apart, to be used in turn. */
export const poseColors = [
  '#38bdf8', '#f472b6', '#a3e635', '#fbbf24', '#c084fc', '#fb7185', '#2dd4bf', '#f97316',
];

const MAX_CANVAS_SIDE = 1600; // Larger images are drawn at a smaller scale.

/**
 * @typedef {{x: number, y: number, score: number}} ScoredPoint
 * @typedef {object} DrawOptions
 * @property {string} color
 * @property {number} lineWidth In pixels of the image.
 * @property {number} minScore Keypoints with lower scores are not drawn.
 * @property {boolean} [keypoints] Default: true.
 * @property {boolean} [skeleton] Default: true.
 * @property {boolean} [box] The box around the keypoints. Default: false.
 * @property {string | undefined} [label] Text above the topmost keypoint.
 */

/**
 * Resizes `canvas` to the aspect ratio of `size`, draws `image` on it, and returns its context, in whose units
 * keypoints of an image of that size can be drawn: (0, 0) is the center of the top left pixel.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasImageSource} image
 * @param {{width: number, height: number, mirror?: boolean}} size
 */
export function drawImage(canvas, image, {width, height, mirror = false}) {
  const scale = Math.min(1, MAX_CANVAS_SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  if (mirror) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  context.translate(0.5, 0.5);
  return context;
}

/**
 * Draws a pose whose keypoints are in the order of `partNames`.
 * @param {CanvasRenderingContext2D} context
 * @param {ReadonlyArray<ScoredPoint>} points
 * @param {DrawOptions} options
 */
export function drawPose(context, points, options) {
  const {color, lineWidth, minScore, keypoints = true, skeleton = true, box = false, label} = options;
  const visible = points.filter(({score}) => score >= minScore);
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = lineWidth;
  context.lineCap = 'round';
  if (skeleton) drawLimbs(context, points, minScore);
  for (const {x, y} of keypoints ? visible : []) {
    context.beginPath();
    context.arc(x, y, lineWidth * 1.2, 0, 2 * Math.PI);
    context.fill();
  }
  const bounds = box && boxAround(points, minScore);
  if (bounds) context.strokeRect(bounds.x, bounds.y, bounds.width, bounds.height);
  if (label) drawLabel(context, label, visible, lineWidth);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ReadonlyArray<ScoredPoint>} points
 * @param {number} minScore
 */
function drawLimbs(context, points, minScore) {
  for (const [from, to] of limbs) {
    const [start, end] = [points[from], points[to]];
    if (!start || !end || start.score < minScore || end.score < minScore) continue;
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.lineTo(end.x, end.y);
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {ReadonlyArray<ScoredPoint>} points
 * @param {number} lineWidth
 */
function drawLabel(context, text, points, lineWidth) {
  if (points.length === 0) return;
  const top = points.reduce((best, point) => point.y < best.y ? point : best);
  context.font = `600 ${Math.round(lineWidth * 6)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.lineWidth = lineWidth;
  context.strokeStyle = 'rgba(0, 0, 0, .65)';
  const y = Math.max(top.y - lineWidth * 4, lineWidth * 6); // Inside the image, even for heads at its upper edge.
  context.strokeText(text, top.x, y);
  context.fillText(text, top.x, y);
}

/**
 * Returns the box around the keypoints of at least `minScore`, or undefined if there is none.
 * @param {ReadonlyArray<ScoredPoint>} points
 * @param {number} minScore
 */
export function boxAround(points, minScore) {
  const visible = points.filter(({score}) => score >= minScore);
  if (visible.length === 0) return undefined;
  const [xs, ys] = [visible.map(({x}) => x), visible.map(({y}) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y};
}

/**
 * Returns a line width that suits an image of this size.
 * @param {{width: number, height: number}} size
 */
export function lineWidthFor({width, height}) {
  return Math.max(2, Math.max(width, height) / 200);
}
