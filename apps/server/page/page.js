// SPDX-License-Identifier: Apache-2.0
// The page: sends images by POST and webcam frames over a WebSocket, and draws the poses over them.
// apps/server/embed.cmake puts bindings/js/src/skeleton.js in front of this file, which has drawImage, drawPose,
// lineWidthFor and poseColors.

const element = (id) => document.getElementById(id);
const canvas = element('canvas');
const video = element('video');

const WEBCAM_QUALITY = 0.8; // Of JPEG. The network's input is about 500 pixels wide, so more makes no difference.

let image = null; // The image that the result belongs to: an ImageBitmap or a canvas.
let result = null;
let stream = null; // The state of the webcam while it runs.
let lastFile = null; // Sent again if options change.
let latestRequest = 0; // Responses to earlier requests are ignored.

function say(text, isError = false) {
  element('status').textContent = text;
  element('status').classList.toggle('error', isError);
}

const milliseconds = (value) => Number.isFinite(value) ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : '–';

function draw() {
  if (!image) return;
  element('drop').classList.remove('empty');
  const context = drawImage(canvas, image, result ?? image);
  const [minPoseScore, minScore] = [Number(element('pose-score').value), Number(element('keypoint-score').value)];
  const poses = result ? result.poses.filter(({score}) => score >= minPoseScore) : [];
  poses.forEach((pose, index) => {
    const keypoints = pose.keypoints.map(({score, position}) => ({...position, score}));
    drawPose(context, keypoints, {
      minScore, lineWidth: lineWidthFor(result), color: poseColors[(pose.id ?? index) % poseColors.length],
      label: pose.id === undefined ? pose.score.toFixed(2) : `#${pose.id}  ${pose.score.toFixed(2)}`});
  });
  canvas.setAttribute('aria-label', result ? `Image with ${poses.length} poses` : 'Image');
  element('people').textContent = result ? poses.length : '–';
}

function show(newResult, estimateMs, totalMs) {
  result = newResult;
  element('estimate-ms').textContent = milliseconds(estimateMs);
  element('total-ms').textContent = milliseconds(totalMs);
  element('json').textContent = JSON.stringify(result, null, 1);
  draw();
}

// The query of a request. Score thresholds are applied in the page, so that the sliders take effect immediately.
function query() {
  const parameters = new URLSearchParams();
  const single = element('single');
  parameters.set('single', single.checked ? '1' : '0');
  const maxPoses = element('max-poses');
  if (!single.checked && maxPoses.value && maxPoses.checkValidity()) parameters.set('max-poses', maxPoses.value);
  if (stream && element('track').checked) parameters.set('track', '1');
  if (stream && element('smooth').checked) parameters.set('smooth', '1');
  return parameters;
}

function headers() {
  const token = element('token').value.trim();
  return token ? {Authorization: `Bearer ${token}`} : {};
}

// Like fetch, but with a readable error if the server does not respond.
async function request(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new Error('the server cannot be reached');
  }
}

async function detailOf(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return response.statusText;
  }
}

function askForToken() {
  element('access').open = true;
  element('token').focus();
}

async function showImage(file) {
  stopWebcam();
  const current = ++latestRequest;
  say('Estimating poses…');
  try {
    const bitmap = await createImageBitmap(file, {imageOrientation: 'from-image'});
    if (current !== latestRequest) return;
    [image, result] = [bitmap, null];
    lastFile = file;
    draw();
    const start = performance.now();
    const response = await request(`/v1/human/poses?${query()}`, {
      method: 'POST', body: file, headers: {...headers(), 'Content-Type': file.type || 'application/octet-stream'}});
    if (current !== latestRequest) return;
    if (response.status === 401) askForToken();
    if (!response.ok) return say(await detailOf(response), true);
    const timing = /estimate;dur=([0-9.e+-]+)/.exec(response.headers.get('Server-Timing') ?? '');
    const json = await response.json();
    if (current !== latestRequest) return;
    show(json, timing ? Number(timing[1]) : NaN, performance.now() - start);
    element('rate').textContent = '–';
    say('');
  } catch (error) {
    if (current === latestRequest) say(`This image could not be processed: ${error.message}`, true);
  }
}

// ---- Webcam: a frame is sent once the previous one has been processed, so that frames do not queue up.

function base64Url(text) {
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function openSocket() {
  const token = element('token').value.trim();
  const protocols = ['posenet.v1', ...(token ? [`posenet.bearer.${base64Url(token)}`] : [])];
  const url = new URL(`/v1/human/stream?${query()}`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return new WebSocket(url, protocols);
}

async function startWebcam() {
  if (!navigator.mediaDevices) {
    return say('Browsers allow the webcam only on local pages or over HTTPS.', true);
  }
  const mine = stream = {socket: null, camera: null, sent: null, times: []};
  setWebcamButton();
  say('Starting the webcam…');
  try {
    mine.camera = await navigator.mediaDevices.getUserMedia({video: {width: {ideal: 640}, height: {ideal: 480}}});
    if (stream !== mine) return stopCamera(mine);
    video.srcObject = mine.camera;
    video.hidden = false;
    await video.play();
    if (stream === mine) connect(mine);
  } catch (error) {
    if (stream === mine) {
      stopWebcam();
      say(`The webcam cannot be used: ${error.message}`, true);
    }
  }
}

function connect(mine) {
  const socket = mine.socket = openSocket();
  let isOpen = false;
  socket.onopen = () => {
    isOpen = true;
    if (mine.socket !== socket) return;
    say('');
    sendFrame(mine, socket);
  };
  socket.onmessage = (message) => {
    if (mine.socket === socket && stream === mine) onResult(mine, socket, JSON.parse(message.data));
  };
  socket.onclose = (event) => {
    if (mine.socket !== socket || stream !== mine) return;
    stopWebcam();
    if (event.reason) return say(`The server ended the stream: ${event.reason}`, true);
    if (isOpen) return say('The stream ended: the server cannot be reached.', true);
    // Browsers do not reveal why a WebSocket could not be opened.
    say('The server rejected the stream or cannot be reached. Does it require an access token?', true);
    askForToken();
  };
}

function sendFrame(mine, socket) {
  if (stream !== mine || mine.socket !== socket || socket.readyState !== WebSocket.OPEN) return;
  if (!video.videoWidth) return setTimeout(() => sendFrame(mine, socket), 50);
  const frame = document.createElement('canvas');
  frame.width = video.videoWidth;
  frame.height = video.videoHeight;
  frame.getContext('2d').drawImage(video, 0, 0);
  frame.toBlob((blob) => {
    if (stream !== mine || mine.socket !== socket || socket.readyState !== WebSocket.OPEN || !blob) return;
    mine.sent = {frame, time: performance.now()};
    socket.send(blob);
  }, 'image/jpeg', WEBCAM_QUALITY);
}

function onResult(mine, socket, json) {
  const now = performance.now();
  if (json.error) {
    say(json.error, true);
    setTimeout(() => sendFrame(mine, socket), 500);
    return;
  }
  say('');
  mine.times.push(now);
  mine.times = mine.times.filter((time) => now - time < 2000);
  if (mine.times.length > 2) {
    element('rate').textContent = (1000 * (mine.times.length - 1) / (now - mine.times[0])).toFixed(1);
  }
  image = mine.sent.frame; // The frame that the poses belong to, not a later one.
  show(json, json.milliseconds, now - mine.sent.time);
  sendFrame(mine, socket);
}

function stopCamera(mine) {
  mine.camera?.getTracks().forEach((track) => track.stop());
}

function stopWebcam() {
  if (!stream) return;
  const mine = stream;
  stream = null;
  stopCamera(mine);
  mine.socket?.close(1000);
  video.srcObject = null;
  video.hidden = true;
  setWebcamButton();
}

function setWebcamButton() {
  element('webcam').setAttribute('aria-pressed', String(Boolean(stream)));
  element('webcam').textContent = stream ? 'Stop webcam' : 'Start webcam';
}

// ---- User input.

// Sends the same image again, or opens the stream again, with new options.
function repeatRequest() {
  if (stream?.socket) {
    const old = stream.socket;
    connect(stream);
    old.close(1000);
  } else if (lastFile && !stream) {
    showImage(lastFile);
  }
}

function isImage(file) {
  return Boolean(file) && (file.type.startsWith('image/') || file.type === '');
}

function listen() {
  element('drop').classList.add('empty');
  element('file').addEventListener('change', (event) => {
    const file = event.target.files[0];
    if (file) showImage(file);
    event.target.value = '';
  });
  element('webcam').addEventListener('click', () => stream ? (stopWebcam(), say('')) : startWebcam());
  for (const type of ['dragenter', 'dragover']) {
    addEventListener(type, (event) => {
      event.preventDefault();
      element('drop').classList.add('over');
    });
  }
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) element('drop').classList.remove('over');
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    element('drop').classList.remove('over');
    const file = [...event.dataTransfer.files].find(isImage);
    if (file) showImage(file); else say('What was dropped is not an image.', true);
  });
  addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find(isImage);
    if (file) showImage(file);
  });
  for (const [slider, value] of [['pose-score', 'pose-value'], ['keypoint-score', 'keypoint-value']]) {
    element(slider).addEventListener('input', () => {
      element(value).textContent = Number(element(slider).value).toFixed(2);
      draw();
    });
  }
  for (const id of ['max-poses', 'single', 'track', 'smooth', 'token']) {
    element(id).addEventListener('change', repeatRequest);
  }
  element('token').addEventListener('change', describeModel);
  element('copy').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(element('json').textContent);
      say('Copied.');
    } catch (error) {
      say(`Could not copy: ${error.message}`, true);
    }
  });
  addEventListener('pagehide', stopWebcam);
}

async function describeModel() {
  try {
    const response = await fetch('/v1/models', {headers: headers()});
    if (response.status === 401) element('access').open = true;
    if (!response.ok) return;
    const {human} = await response.json();
    element('model').textContent =
        `The 17 keypoints of every person in an image, estimated by this server with ${human.name} at ` +
        `${human.input.width} × ${human.input.height} pixels.`;
    const single = element('single');
    single.disabled = !human.estimates_several;
    single.checked = single.checked || human.decoder.endsWith('single');
  } catch {
    // The description is optional.
  }
}

listen();
describeModel();
