// SPDX-License-Identifier: Apache-2.0
// Calls two packages with the same interface: their results and times.

const CALL = {flipHorizontal: false, maxDetections: 5, scoreThreshold: 0.5, nmsRadius: 20};
const WARM_UPS = 2;

const nextPaint = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));

/** Loads a network with `posenet`, either of the two packages. */
export function loadNet(posenet, {size, ...config}) {
  return posenet.load({
    architecture: 'MobileNetV1', outputStride: 16, multiplier: 1.0, inputResolution: {width: size, height: size}, ...config,
  });
}

/** Runs both alternately. Returns for each its poses, and the milliseconds of each run. */
export async function measureAlternately(nets, image, runs, onRun) {
  const results = nets.map(() => ({poses: [], times: []}));
  for (let run = -WARM_UPS; run < runs; ++run) {
    await nextPaint(); // Keeps the page responsive.
    for (const [i, net] of nets.entries()) {
      const start = performance.now();
      results[i].poses = await net.estimateMultiplePoses(image, CALL);
      if (run >= 0) results[i].times.push(performance.now() - start);
    }
    onRun(run + 1);
  }
  return results;
}

/** The largest distance, in pixels, between corresponding keypoints; infinite if the numbers of poses differ. */
export function largestDistance(poses, others) {
  if (poses.length !== others.length) return Infinity;
  const distances = poses.flatMap(({keypoints}, i) => keypoints.map(({position}, k) => {
    const other = others[i].keypoints[k].position;
    return Math.hypot(position.x - other.x, position.y - other.y);
  }));
  return Math.max(0, ...distances);
}
