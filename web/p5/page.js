// SPDX-License-Identifier: Apache-2.0
// Shows the sketch's code, and starts it on request: a page should not ask for the camera by itself.
import {describeSite, element, note, say} from '../common.js';

const SKETCH = 'p5/sketch.js';

function start() {
  element('start').disabled = true;
  say('Starting the webcam and loading the model…');
  const script = document.createElement('script');
  script.src = SKETCH;
  // p5 looks for setup() when the page has loaded, which has already happened.
  script.onload = () => new window.p5();
  document.body.append(script);
}

// The sketch does not handle errors; this page shows them.
addEventListener('unhandledrejection', event => say(event.reason?.message ?? String(event.reason), true));

const site = await describeSite();
const missing = !site.libraries ? 'p5' : !window.ml5 ? 'dist/posenet-ml5.js of the package' : '';
element('start').disabled = Boolean(missing);
if (missing) note(`Missing: ${missing}. Run scripts/web to build and install it.`);
element('start').addEventListener('click', start);
const [, code] = (await (await fetch(SKETCH)).text()).split(/(?<=SPDX.*\n)/);
element('source').textContent = code;
