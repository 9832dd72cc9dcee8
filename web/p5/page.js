// SPDX-License-Identifier: Apache-2.0
// Shows the sketch's code, and starts it when it is wanted: pages should not ask for a camera unasked.
import {describeSite, element, note, say} from '../common.js';

const SKETCH = 'p5/sketch.js';

function start() {
  element('start').disabled = true;
  say('Starting the webcam and fetching the model…');
  const script = document.createElement('script');
  script.src = SKETCH;
  // p5 looks for setup() when a page is loaded; this one was.
  script.onload = () => new window.p5();
  document.body.append(script);
}

// Sketches leave errors alone; this page tells them.
addEventListener('unhandledrejection', event => say(event.reason?.message ?? String(event.reason), true));

const site = await describeSite();
const missing = !site.libraries ? 'p5' : !window.ml5 ? 'the classic script of the package (dist/posenet-ml5.js)' : '';
element('start').disabled = Boolean(missing);
if (missing) note(`What is missing here is ${missing}. scripts/web installs and builds what pages need.`);
element('start').addEventListener('click', start);
const [, code] = (await (await fetch(SKETCH)).text()).split(/(?<=SPDX.*\n)/);
element('source').textContent = code;
