// SPDX-License-Identifier: Apache-2.0
// The form with the options, and what it says.
import {element} from '../common.js';

const form = element('options');

/** Options that change only what is drawn. */
const SHOWN = new Set(['showPose', 'showKeypoint', 'drawKeypoints', 'drawSkeleton', 'drawBox']);

/** What is wanted of the engine now; `over` is what has to do with time, for videos. */
export function wantedOptions() {
  const {elements} = form;
  // There is but one file of the repaired weights.
  const weights = elements.model.value === 'mobilenet100-repaired' ? '' : elements.weights.value;
  return {
    modelUrl: new URL(`package/models/${elements.model.value}${weights}.safetensors`, document.baseURI).href,
    size: Number(elements.size.value),
    stride: Number(elements.stride.value),
    boxScore: Number(elements.showKeypoint.value),
    decode: {
      decoder: elements.decoder.value,
      maxPoses: elements.maxPoses.validity.valid ? Number(elements.maxPoses.value) : 5,
      scoreThreshold: Number(elements.scoreThreshold.value),
      nmsRadius: Number(elements.nmsRadius.value),
      mirror: elements.mirror.checked,
    },
    over: {track: elements.track.checked, smooth: elements.smooth.checked},
  };
}

/** What is to be drawn. */
export function shownOptions() {
  const {elements} = form;
  return {
    minPose: Number(elements.showPose.value), minKeypoint: Number(elements.showKeypoint.value),
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
  elements.weights.disabled = elements.model.value === 'mobilenet100-repaired';
}

/** Calls `draw` when only the drawing changes, `ask` when the engine must be asked again. */
export function listenForOptions({draw, ask}) {
  form.addEventListener('input', ({target}) => {
    showValues();
    if (SHOWN.has(target.name)) draw(); else ask();
  });
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => { // When the controls have their values.
    showValues();
    ask();
  }));
  showValues();
}
