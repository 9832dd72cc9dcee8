// SPDX-License-Identifier: Apache-2.0
// A typical sketch for ml5: the webcam, with a dot for every keypoint and a line for every limb.
let video;
let poses = [];

function setup() {
  createCanvas(640, 480).parent('stage');
  describe('The webcam image with the skeletons of people drawn over it.');
  video = createCapture(VIDEO);
  video.size(width, height);
  video.hide();
  const poseNet = ml5.poseNet(video, {flipHorizontal: false, maxPoseDetections: 3}, modelReady);
  poseNet.on('pose', results => { poses = results; });
}

function modelReady(error) {
  select('#status').html(error ? error.message : 'Running.');
}

function draw() {
  image(video, 0, 0, width, height);
  for (const {pose, skeleton} of poses) {
    stroke(56, 189, 248);
    strokeWeight(4);
    for (const [a, b] of skeleton) line(a.position.x, a.position.y, b.position.x, b.position.y);
    noStroke();
    fill(251, 191, 36);
    for (const {score, position} of pose.keypoints) if (score > 0.2) circle(position.x, position.y, 12);
  }
}
