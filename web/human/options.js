// SPDX-License-Identifier: Apache-2.0
// The form with the options.
import {element} from '../common.js';

const form = element('options');

/** Options that affect only the drawing. */
const DRAWING_OPTIONS = new Set(['showPose', 'showKeypoint', 'drawKeypoints', 'drawSkeleton', 'drawBox']);

/** The options of the engine; `video` are those that apply to videos only. */
export function estimateOptions() {
  const {elements} = form;
  return {
    modelUrl: new URL(`package/models/${elements.model.value}${elements.weights.value}.safetensors`, document.baseURI).href,
    size: Number(elements.size.value),
    stride: Number(elements.stride.value),
    minBoxScore: Number(elements.showKeypoint.value),
    decode: {
      decoder: elements.decoder.value,
      maxPoses: elements.maxPoses.validity.valid ? Number(elements.maxPoses.value) : 5,
      scoreThreshold: Number(elements.scoreThreshold.value),
      nmsRadius: Number(elements.nmsRadius.value),
      mirror: elements.mirror.checked,
    },
    video: {track: elements.track.checked, smooth: elements.smooth.checked},
  };
}

/** The options of the drawing. */
export function drawingOptions() {
  const {elements} = form;
  return {
    minPoseScore: Number(elements.showPose.value), minScore: Number(elements.showKeypoint.value),
    keypoints: elements.drawKeypoints.checked, skeleton: elements.drawSkeleton.checked, box: elements.drawBox.checked,
  };
}

function showValues() {
  const {elements} = form;
  for (const slider of form.querySelectorAll('.slider')) {
    const input = slider.querySelector('input');
    const unit = input.dataset.unit;
    slider.querySelector('output').textContent = unit ? input.value + unit : Number(input.value).toFixed(2);
  }
  const isSingle = elements.decoder.value === 'tfjs-single';
  for (const name of ['maxPoses', 'scoreThreshold', 'nmsRadius']) elements[name].disabled = isSingle;
}

/** Calls `draw` if only the drawing changes, `estimate` if the poses do. */
export function listenForOptions({draw, estimate}) {
  form.addEventListener('input', ({target}) => {
    showValues();
    if (DRAWING_OPTIONS.has(target.name)) draw(); else estimate();
  });
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => { // After the controls have their new values.
    showValues();
    estimate();
  }));
  showValues();
}
