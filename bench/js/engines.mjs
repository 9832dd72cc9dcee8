// SPDX-License-Identifier: Apache-2.0
// The engines to measure, each prepared for one input size. They run in Node and in pages; the caller provides
// libraries and files.

/** This project, from pixels to poses. `core` is the package's core, `model` the bytes of a model file. */
export async function preparePoseNet({core, model, threads, size, wasmUrl}) {
  const loaded = await core.loadModel(model, {threads, ...(wasmUrl ? {wasmUrl} : {})});
  const started = await loaded.threadsStarted;
  if (started !== threads) throw new Error(`expected ${threads} threads, got ${started}`);
  const estimator = loaded.createEstimator({inputWidth: size, inputHeight: size});
  loaded.dispose();
  return {
    version: '',
    run: async image => estimator.estimate(image),
    keypointsOf: poses => poses[0].keypoints,
    dispose: () => estimator.dispose(),
  };
}

/** ONNX Runtime Web: the network alone, on a constant input. `model` is the output of 'posenet model export'. */
export async function prepareOnnxRuntime({ort, model, threads, size}) {
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['wasm'], graphOptimizationLevel: 'all',
  });
  const [name] = session.inputNames;
  const values = new Float32Array(3 * size * size).map((_, i) => Math.sin(i) * 0.5);
  const shape = session.inputMetadata?.[0]?.shape ?? [1, 3, size, size];
  const input = new ort.Tensor('float32', values, shape.map(side => Number(side)));
  return {version: ort.env.versions?.web ?? '', run: () => session.run({[name]: input}),
          dispose: () => session.release()};
}

/** TensorFlow.js PoseNet on its WASM backend, from pixels to poses. `handler` loads the graph. */
export async function prepareTensorFlow({tf, posenet, handler, size}) {
  const net = await posenet.load({
    architecture: 'MobileNetV1', outputStride: 16, multiplier: 1.0, quantBytes: 2,
    inputResolution: {width: size, height: size}, modelUrl: handler,
  });
  const options = {flipHorizontal: false, maxDetections: 5, scoreThreshold: 0.5, nmsRadius: 20};
  let pixels;
  return {
    version: tf.version_core ?? tf.version?.tfjs ?? '',
    run: image => {
      pixels ??= tf.tensor3d(image.rgb, [image.height, image.width, 3], 'int32');
      return net.estimateMultiplePoses(pixels, options);
    },
    keypointsOf: poses => poses[0].keypoints.map(({position, score}) => ({...position, score})),
    dispose: () => pixels?.dispose(),
  };
}

/** Makes a TensorFlow.js topology, exported for one input size, accept any. Nothing else in it depends on the size. */
export function forAnySize(modelTopology) {
  for (const node of modelTopology.node) {
    if (node.op === 'Placeholder') node.attr.shape.shape.dim.splice(1, 2, {size: '-1'}, {size: '-1'});
  }
  return modelTopology;
}

/** Measures engines alternately, after warm-up runs. Returns the times in milliseconds and the last result of each.
 *  `engines` is a Map by name; `cpuMs` returns the CPU time used so far, or a promise of it. */
export async function measureAlternately(engines, image, {rounds, warmUps, cpuMs}) {
  const times = new Map([...engines.keys()].map(name => [name, {wall: [], cpu: []}]));
  const outputs = new Map();
  for (let round = -warmUps; round < rounds; ++round) {
    for (const [name, engine] of engines) {
      const cpuStart = await cpuMs();
      const start = performance.now();
      const output = await engine.run(image);
      const wall = performance.now() - start;
      const cpu = await cpuMs() - cpuStart;
      if (round >= 0) {
        times.get(name).wall.push(wall);
        times.get(name).cpu.push(cpu);
      }
      outputs.set(name, output);
    }
  }
  return {times, outputs};
}

/** Runs `engines` on `image` and returns a report for each, in which keypoints are compared with those of ours in fp32.
 *  Disposes the engines. */
export async function reportOf(engines, image, {where, size, ...how}) {
  const {times, outputs} = await measureAlternately(engines, image, {warmUps: 4, ...how});
  const keypointsOf = name => engines.get(name).keypointsOf?.(outputs.get(name));
  const reference = keypointsOf('PoseNet fp32, 1 thread');
  return [...engines].map(([name, engine]) => {
    const keypoints = keypointsOf(name);
    engine.dispose();
    return {where, size, engine: name, version: engine.version,
            distance_px: keypoints && largestDistance(reference, keypoints),
            times_ms: times.get(name).wall, cpu_ms: times.get(name).cpu};
  });
}

/** The largest distance between corresponding confident keypoints, in pixels. */
function largestDistance(keypoints, others) {
  const distances = keypoints.map(({x, y, score}, i) => (score > 0.5 ? Math.hypot(x - others[i].x, y - others[i].y) : 0));
  return Math.max(...distances);
}
