// SPDX-License-Identifier: Apache-2.0
// The crop in which MoveNet looks for one person in a video.
import {Handle} from './handle.js';
import {loadModule, type Module, type ModuleOptions} from './module.js';
import {type CorePose, POSE_FLOATS, writePoses} from './poses.js';

/** Follows one person. Create one per video. */
export class PersonCrop extends Handle {
  /** Called by createPersonCrop. */
  constructor(module: Module) {
    super(module, module.checked(module.exports.posenet_crop_create()), module.exports.posenet_crop_destroy, 'crop');
  }

  /** Returns the square to evaluate in a frame of that size, in its pixels: around the person of the last update(); at
   *  first, and after reset(), the largest central square. It may extend beyond the frame. */
  region(width: number, height: number): {left: number; top: number; side: number} {
    const {module} = this;
    const [left, top, side] = module.doubles(module.exports.posenet_crop_region(this.pointer, width, height), 3);
    return {left: left!, top: top!, side: side!};
  }

  /** Moves the square to `pose`, which was found in a frame of that size, in its pixels. Errors: 'invalid-argument' for
   *  a pose with another number of keypoints. */
  update(pose: CorePose, width: number, height: number): void {
    const {module} = this;
    writePoses([pose], module.floats(module.exports.posenet_crop_pose(this.pointer), POSE_FLOATS));
    module.exports.posenet_crop_update(this.pointer, width, height);
  }

  /** Forgets the person. */
  reset(): void {
    this.module.exports.posenet_crop_reset(this.pointer);
  }
}

/** Creates a crop; no model is needed. Rejects with a PoseNetError. */
export async function createPersonCrop(options: ModuleOptions = {}): Promise<PersonCrop> {
  return new PersonCrop(await loadModule(options));
}
