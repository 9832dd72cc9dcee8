// SPDX-License-Identifier: Apache-2.0
// The same calls of two packages with one interface: what each answers, and how long it takes.

const CALL = {flipHorizontal: false, maxDetections: 5, scoreThreshold: 0.5, nmsRadius: 20};
const WARM_UPS = 2;

const nextPaint = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));

/** A network of `posenet`, which is either package. */
export function loadNet(posenet, {size, ...config}) {
  return posenet.load({
    architecture: 'MobileNetV1', outputStride: 16, multiplier: 1.0, inputResolution: {width: size, height: size}, ...config,
  });
}

/** Runs both in turns: for each what it answered, and the milliseconds of each run. */
export async function measureInTurns(nets, picture, runs, onRun) {
  const results = nets.map(() => ({poses: [], times: []}));
  for (let run = -WARM_UPS; run < runs; ++run) {
    await nextPaint(); // Or the page would stand still.
    for (const [i, net] of nets.entries()) {
      const start = performance.now();
      results[i].poses = await net.estimateMultiplePoses(picture, CALL);
      if (run >= 0) results[i].times.push(performance.now() - start);
    }
    onRun(run + 1);
  }
  return results;
}

/** How far keypoints of the same parts of the same people lie apart at most, in pixels; infinitely for other people. */
export function largestDistance(poses, others) {
  if (poses.length !== others.length) return Infinity;
  const distances = poses.flatMap(({keypoints}, i) => keypoints.map(({position}, k) => {
    const other = others[i].keypoints[k].position;
    return Math.hypot(position.x - other.x, position.y - other.y);
  }));
  return Math.max(0, ...distances);
}
