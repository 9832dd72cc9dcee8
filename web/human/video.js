// SPDX-License-Identifier: Apache-2.0
// The webcam, or a video file. A frame is taken when the previous one has been processed.

/** Describes an error of getUserMedia. */
function cameraError(error) {
  const messages = {
    NotFoundError: 'No camera was found.', NotAllowedError: 'This page is not allowed to use the camera.',
    NotReadableError: 'The camera is in use by another program.',
    OverconstrainedError: 'The camera does not support the requested resolution.',
  };
  return new Error(messages[error.name] ?? `The camera cannot be used: ${error.message}`);
}

async function openCamera() {
  if (!navigator.mediaDevices) throw new Error('Browsers allow the camera only on local pages or over HTTPS.');
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
      // There are no frames while the video is paused or the page is hidden.
      setTimeout(resolve, 250);
    } else {
      requestAnimationFrame(() => resolve());
    }
  });
}

/** Plays a file or the camera in the element `video` and provides its frames until it is stopped. */
export class Player {
  #video;
  #camera = null;
  #url = null;
  #isStopped = false;
  #repeats = false;

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
      if (this.#isStopped) return;
      throw new Error(`${file.name || 'The file'} is not a video that this browser supports`, {cause: error});
    }
  }

  /** Calls `take(frame, timeSeconds)` with each frame, after the promise of the previous call has resolved. */
  async run(take) {
    const video = this.#video;
    let last = -1;
    while (!this.#isStopped) {
      await nextFrame(video);
      if (this.#isStopped) return;
      if (!video.videoWidth || video.readyState < 2 || (video.currentTime === last && !this.#repeats)) continue;
      last = video.currentTime;
      this.#repeats = false;
      await take(await createImageBitmap(video), performance.now() / 1000);
    }
  }

  /** Provides the current frame again, even if the video is paused. */
  repeatFrame() {
    this.#repeats = true;
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
