// SPDX-License-Identifier: Apache-2.0
// The page: photos by POST, the webcam over a WebSocket, poses drawn over both.
'use strict';

const element = (id) => document.getElementById(id);
const canvas = element('canvas');
const video = element('video');

// As in include/posenet/pose.h: arms, legs and trunk, without the face.
const LIMBS = [
  ['leftHip', 'leftShoulder'], ['leftElbow', 'leftShoulder'], ['leftElbow', 'leftWrist'], ['leftHip', 'leftKnee'],
  ['leftKnee', 'leftAnkle'], ['rightHip', 'rightShoulder'], ['rightElbow', 'rightShoulder'],
  ['rightElbow', 'rightWrist'], ['rightHip', 'rightKnee'], ['rightKnee', 'rightAnkle'],
  ['leftShoulder', 'rightShoulder'], ['leftHip', 'rightHip']];
const COLOURS = ['#38bdf8', '#f472b6', '#a3e635', '#fbbf24', '#c084fc', '#fb7185', '#2dd4bf', '#f97316'];
const LONGEST_SIDE = 1600; // Photos are shown, not sent, at most so large.
const WEBCAM_QUALITY = 0.8; // Of JPEG: the network sees some 500 pixels a side, and does not miss the rest.

let picture = null; // What the poses were found in: an ImageBitmap or a canvas.
let answer = null;
let stream = null; // The webcam's state while it runs.
let latestPhoto = 0;

function say(text, isError = false) {
  element('status').textContent = text;
  element('status').classList.toggle('error', isError);
}

const milliseconds = (value) => Number.isFinite(value) ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : '–';

function shownPoses() {
  const poseScore = Number(element('pose-score').value);
  return answer ? answer.poses.filter((pose) => pose.score >= poseScore) : [];
}

// Draws the picture and what was found in it, at the picture's own scale.
function draw() {
  if (!picture) return;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  element('drop').classList.remove('empty');
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const poses = shownPoses();
  if (answer) {
    // Positions are those of pixel centres; a canvas counts from the corner of the first pixel.
    context.setTransform(canvas.width / answer.width, 0, 0, canvas.height / answer.height, 0, 0);
    context.translate(0.5, 0.5);
    poses.forEach((pose, index) => drawPose(context, pose, index));
    context.setTransform(1, 0, 0, 1, 0, 0);
  }
  canvas.setAttribute('aria-label', answer ? `Picture with ${poses.length} people` : 'Picture');
  element('people').textContent = answer ? poses.length : '–';
}

function drawPose(context, pose, index) {
  const keypointScore = Number(element('keypoint-score').value);
  const points = new Map(pose.keypoints.filter((k) => k.score >= keypointScore).map((k) => [k.part, k.position]));
  const size = Math.max(2, Math.max(answer.width, answer.height) / 200);
  context.strokeStyle = context.fillStyle = COLOURS[(pose.id ?? index) % COLOURS.length];
  context.lineWidth = size;
  context.lineCap = 'round';
  for (const [from, to] of LIMBS) {
    const a = points.get(from);
    const b = points.get(to);
    if (!a || !b) continue;
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
  }
  for (const position of points.values()) {
    context.beginPath();
    context.arc(position.x, position.y, size * 1.2, 0, 2 * Math.PI);
    context.fill();
  }
  const top = [...points.values()].reduce((best, p) => !best || p.y < best.y ? p : best, null);
  if (!top) return;
  context.font = `600 ${Math.round(size * 6)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.lineWidth = size;
  context.strokeStyle = 'rgba(0, 0, 0, 0.6)';
  const label = pose.id === undefined ? pose.score.toFixed(2) : `#${pose.id}  ${pose.score.toFixed(2)}`;
  context.strokeText(label, top.x, top.y - size * 4);
  context.fillText(label, top.x, top.y - size * 4);
}

function show(newAnswer, estimateMs, totalMs) {
  answer = newAnswer;
  element('estimate-ms').textContent = milliseconds(estimateMs);
  element('total-ms').textContent = milliseconds(totalMs);
  element('json').textContent = JSON.stringify(answer, null, 1);
  draw();
}

// The parameters of a request. People and keypoints are hidden here rather than there: sliders act at once.
function query() {
  const parameters = new URLSearchParams();
  if (element('single').checked) parameters.set('single', '1');
  const maxPoses = element('max-poses');
  if (maxPoses.value && maxPoses.checkValidity()) parameters.set('max-poses', maxPoses.value);
  if (stream && element('track').checked) parameters.set('track', '1');
  if (stream && element('smooth').checked) parameters.set('smooth', '1');
  return parameters;
}

function headers() {
  const token = element('token').value.trim();
  return token ? {Authorization: `Bearer ${token}`} : {};
}

// As fetch, with words for people where no answer comes.
async function ask(url, options) {
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

async function showPhoto(file) {
  stopWebcam();
  const photo = ++latestPhoto;
  say('Looking…');
  try {
    const bitmap = await createImageBitmap(file, {imageOrientation: 'from-image'});
    if (photo !== latestPhoto) return;
    [picture, answer] = [bitmap, null];
    lastFile = file; // Once it could be read: it is asked about again when a token is there, or other options.
    draw();
    const start = performance.now();
    const response = await ask(`/v1/human/poses?${query()}`, {
      method: 'POST', body: file, headers: {...headers(), 'Content-Type': file.type || 'application/octet-stream'}});
    if (photo !== latestPhoto) return;
    if (response.status === 401) askForToken();
    if (!response.ok) return say(await detailOf(response), true);
    const timing = /estimate;dur=([0-9.e+-]+)/.exec(response.headers.get('Server-Timing') ?? '');
    const json = await response.json();
    if (photo !== latestPhoto) return;
    show(json, timing ? Number(timing[1]) : NaN, performance.now() - start);
    element('rate').textContent = '–';
    say('');
  } catch (error) {
    if (photo === latestPhoto) say(`Nothing was found out about this photo: ${error.message}`, true);
  }
}
let lastFile = null;

// ---- Webcam: a frame is sent when the one before it was answered, so that answers are about now.

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
    return say('Browsers give the webcam only to pages from this machine or over HTTPS.', true);
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
    if (mine.socket === socket && stream === mine) onAnswer(mine, socket, JSON.parse(message.data));
  };
  socket.onclose = (event) => {
    if (mine.socket !== socket || stream !== mine) return;
    stopWebcam();
    if (event.reason) return say(`The server ended the stream: ${event.reason}`, true);
    if (isOpen) return say('The stream ended: the server cannot be reached.', true);
    // Browsers do not tell pages why a stream was refused.
    say('The server refused the stream, or cannot be reached. Does it want a token?', true);
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

function onAnswer(mine, socket, json) {
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
  picture = mine.sent.frame; // Poses lie over the frame that they were found in, not over one that came later.
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

// ---- What people do.

// Options of the server's: the same photo, or the stream, is asked for again.
function askAgain() {
  if (stream?.socket) {
    const old = stream.socket;
    connect(stream);
    old.close(1000);
  } else if (lastFile && !stream) {
    showPhoto(lastFile);
  }
}

function isPicture(file) {
  return Boolean(file) && (file.type.startsWith('image/') || file.type === '');
}

function listen() {
  element('drop').classList.add('empty');
  element('file').addEventListener('change', (event) => {
    const file = event.target.files[0];
    if (file) showPhoto(file);
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
    const file = [...event.dataTransfer.files].find(isPicture);
    if (file) showPhoto(file); else say('That is not a picture.', true);
  });
  addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find(isPicture);
    if (file) showPhoto(file);
  });
  for (const [slider, value] of [['pose-score', 'pose-value'], ['keypoint-score', 'keypoint-value']]) {
    element(slider).addEventListener('input', () => {
      element(value).textContent = Number(element(slider).value).toFixed(2);
      draw();
    });
  }
  for (const id of ['max-poses', 'single', 'track', 'smooth', 'token']) element(id).addEventListener('change', askAgain);
  element('token').addEventListener('change', describeModel);
  element('copy').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(element('json').textContent);
      say('Copied.');
    } catch (error) {
      say(`Cannot copy: ${error.message}`, true);
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
        `Seventeen keypoints of everybody in a picture, found by ${human.name} at ${human.input.width} × ` +
        `${human.input.height} pixels on the server that sent this page.`;
  } catch {
    // The page works without.
  }
}

listen();
describeModel();
