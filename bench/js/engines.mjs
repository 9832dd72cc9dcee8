// SPDX-License-Identifier: Apache-2.0
// The engines that are measured, each made ready for one input size. They run in Node and in pages alike: whoever calls
// gives them the libraries and the files.

/** Ours, from pixels to poses. `core` is the package's core, `model` the bytes of a model file. */
export async function preparePoseNet({core, model, threads, size, wasmUrl}) {
  const loaded = await core.loadModel(model, {threads, ...(wasmUrl ? {wasmUrl} : {})});
  const started = await loaded.threadsStarted;
  if (started !== threads) throw new Error(`asked for ${threads} threads, got ${started}`);
  const estimator = loaded.createEstimator({inputWidth: size, inputHeight: size});
  loaded.dispose();
  return {
    version: '',
    run: async photo => estimator.estimate(photo),
    keypointsOf: poses => poses[0].keypoints,
    dispose: () => estimator.dispose(),
  };
}

/** ONNX Runtime Web: the network alone, on an input that is there. `model` is what 'posenet model export' wrote. */
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
    run: photo => {
      pixels ??= tf.tensor3d(photo.rgb, [photo.height, photo.width, 3], 'int32');
      return net.estimateMultiplePoses(pixels, options);
    },
    keypointsOf: poses => poses[0].keypoints.map(({position, score}) => ({...position, score})),
    dispose: () => pixels?.dispose(),
  };
}

/** A topology of TensorFlow.js, which was exported for one input size, for any: nothing in it depends on that. */
export function forAnySize(modelTopology) {
  for (const node of modelTopology.node) {
    if (node.op === 'Placeholder') node.attr.shape.shape.dim.splice(1, 2, {size: '-1'}, {size: '-1'});
  }
  return modelTopology;
}

/** Measures engines in turns: for each the milliseconds of its runs, after some to warm up. `engines` is a map; `cpuMs`
 *  answers, at once or later, the processor time that the program has used. */
export async function measureInTurns(engines, photo, {rounds, warmUps, cpuMs}) {
  const times = new Map([...engines.keys()].map(name => [name, {wall: [], cpu: []}]));
  const answers = new Map();
  for (let round = -warmUps; round < rounds; ++round) {
    for (const [name, engine] of engines) {
      const cpuStart = await cpuMs();
      const start = performance.now();
      const answer = await engine.run(photo);
      const wall = performance.now() - start;
      const cpu = await cpuMs() - cpuStart;
      if (round >= 0) {
        times.get(name).wall.push(wall);
        times.get(name).cpu.push(cpu);
      }
      answers.set(name, answer);
    }
  }
  return {times, answers};
}

/** Runs `engines` on `photo` and answers what is to be reported of each: keypoints are compared with those of ours in
 *  fp32. Nothing of them remains. */
export async function reportOf(engines, photo, {where, size, ...how}) {
  const {times, answers} = await measureInTurns(engines, photo, {warmUps: 4, ...how});
  const keypointsOf = name => engines.get(name).keypointsOf?.(answers.get(name));
  const reference = keypointsOf('PoseNet fp32, 1 thread');
  return [...engines].map(([name, engine]) => {
    const keypoints = keypointsOf(name);
    engine.dispose();
    return {where, size, engine: name, version: engine.version,
            distance_px: keypoints && largestDistance(reference, keypoints),
            times_ms: times.get(name).wall, cpu_ms: times.get(name).cpu};
  });
}

/** How far the confident keypoints of two answers lie apart at most, in pixels. */
function largestDistance(keypoints, others) {
  const distances = keypoints.map(({x, y, score}, i) => (score > 0.5 ? Math.hypot(x - others[i].x, y - others[i].y) : 0));
  return Math.max(...distances);
}
