// SPDX-License-Identifier: Apache-2.0
// The engines that are measured, each made ready for one input size. They run in Node and in pages alike: whoever calls
// gives them the libraries and the files.

/** Ours, from pixels to poses. `core` is the package's core, `model` the bytes of a model file. */
export async function preparePoseNet({core, model, threads, size, wasmUrl}) {
  const loaded = await core.loadModel(model, {threads, ...(wasmUrl ? {wasmUrl} : {})});
  if (loaded.threads !== threads) throw new Error(`asked for ${threads} threads, got ${loaded.threads}`);
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

/** Measures engines in turns: for each the milliseconds of its runs, after some to warm up. `engines` is a map; `cpuMs`
 *  answers the processor time that the program has used, where that can be told. */
export async function measureInTurns(engines, photo, {rounds, warmUps, cpuMs = () => NaN}) {
  const times = new Map([...engines.keys()].map(name => [name, {wall: [], cpu: []}]));
  const answers = new Map();
  for (let round = -warmUps; round < rounds; ++round) {
    for (const [name, engine] of engines) {
      const cpuStart = cpuMs();
      const start = performance.now();
      const answer = await engine.run(photo);
      if (round >= 0) {
        times.get(name).wall.push(performance.now() - start);
        times.get(name).cpu.push(cpuMs() - cpuStart);
      }
      answers.set(name, answer);
    }
  }
  return {times, answers};
}

/** How far the confident keypoints of two answers lie apart at most, in pixels. */
export function largestDistance(keypoints, others) {
  const distances = keypoints.map(({x, y, score}, i) => (score > 0.5 ? Math.hypot(x - others[i].x, y - others[i].y) : 0));
  return Math.max(...distances);
}
