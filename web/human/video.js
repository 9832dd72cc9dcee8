// SPDX-License-Identifier: Apache-2.0
// Moving pictures: the webcam, or a video file. A frame is taken when the one before it was answered.

/** Words for what getUserMedia rejects with. */
function cameraError(error) {
  const words = {
    NotFoundError: 'No camera was found.', NotAllowedError: 'The camera was not allowed for this page.',
    NotReadableError: 'The camera is in use elsewhere.', OverconstrainedError: 'The camera has no such picture.',
  };
  return new Error(words[error.name] ?? `The camera cannot be used: ${error.message}`);
}

async function openCamera() {
  if (!navigator.mediaDevices) throw new Error('Browsers give the camera only to pages of this machine, or over HTTPS.');
  try {
    return await navigator.mediaDevices.getUserMedia({video: {width: {ideal: 640}, height: {ideal: 480}}});
  } catch (error) {
    throw cameraError(error);
  }
}

function nextFrame(video) {
  return new Promise(resolve => {
    if ('requestVideoFrameCallback' in video && !video.paused) {
      video.requestVideoFrameCallback(() => resolve());
      // No frame comes while a video is paused, or the page is hidden.
      setTimeout(resolve, 250);
    } else {
      requestAnimationFrame(() => resolve());
    }
  });
}

/** Plays a video or the camera in `video`, and hands out its frames until it is stopped. */
export class Player {
  #video;
  #camera = null;
  #url = null;
  #isStopped = false;

  constructor(video) {
    this.#video = video;
  }

  get isStopped() {
    return this.#isStopped;
  }

  async startCamera() {
    const camera = await openCamera();
    if (this.#isStopped) return camera.getTracks().forEach(track => track.stop());
    this.#camera = camera;
    this.#video.srcObject = camera;
    await this.#video.play();
  }

  async startFile(file) {
    this.#url = URL.createObjectURL(file);
    this.#video.src = this.#url;
    try {
      await this.#video.play();
    } catch (error) {
      if (!this.#isStopped) throw new Error(`${file.name || 'the file'} is not a video that this browser can play`, {cause: error});
    }
  }

  /** Calls `take(frame, timeSeconds)` with one frame after another, each when the promise of the one before resolved. */
  async run(take) {
    const video = this.#video;
    let last = -1;
    while (!this.#isStopped) {
      await nextFrame(video);
      if (this.#isStopped) return;
      if (!video.videoWidth || video.readyState < 2 || (video.currentTime === last && !this.isAskedAgain)) continue;
      last = video.currentTime;
      this.isAskedAgain = false;
      await take(await createImageBitmap(video), performance.now() / 1000);
    }
  }

  /** Has the present frame taken once more, which matters where the video is paused. */
  askAgain() {
    this.isAskedAgain = true;
  }

  togglePause() {
    if (this.#video.paused) this.#video.play(); else this.#video.pause();
    return this.#video.paused;
  }

  stop() {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#camera?.getTracks().forEach(track => track.stop());
    this.#video.pause();
    this.#video.srcObject = null;
    this.#video.removeAttribute('src');
    this.#video.load();
    if (this.#url) URL.revokeObjectURL(this.#url);
  }
}
