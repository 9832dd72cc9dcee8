// SPDX-License-Identifier: Apache-2.0
// The crop in which MoveNet looks for one person in a video.
import {Handle} from './handle.js';
import {loadModule, type Module, type ModuleOptions} from './module.js';
import {type CorePose, POSE_BYTES, POSE_FLOATS, writePoses} from './poses.js';
import {SQUARE_REGION} from './structs.js';

/** Follows one person. Create one per video. */
export class PersonCrop extends Handle {
  /** Called by createPersonCrop. */
  constructor(module: Module) {
    const {exports} = module;
    super(module, module.created(exports.posenet_movenet_crop_create), exports.posenet_movenet_crop_destroy, 'crop');
  }

  /** Returns the square to evaluate in a frame of that size, in its pixels: around the person of the last update(); at
   *  first, and after reset(), the largest central square. It may extend beyond the frame. Errors: 'invalid-argument'
   *  for sides below 1. */
  region(width: number, height: number): {left: number; top: number; side: number} {
    const {module, pointer} = this;
    return module.withStack(() => {
      const region = module.struct(SQUARE_REGION);
      module.checked(error =>
        module.exports.posenet_movenet_crop_get_region(pointer, width, height, region.pointer, error));
      return {left: region.get('left_px'), top: region.get('top_px'), side: region.get('side_px')};
    });
  }

  /** Moves the square to `pose`, which was found in a frame of that size, in its pixels. Errors: 'invalid-argument' for
   *  a pose with another number of keypoints, and for sides below 1. */
  update(pose: CorePose, width: number, height: number): void {
    const {module, pointer} = this;
    module.withStack(() => {
      const given = module.exports.stackAlloc(POSE_BYTES);
      writePoses([pose], module.floats(given, POSE_FLOATS));
      module.checked(error => module.exports.posenet_movenet_crop_update(pointer, given, width, height, error));
    });
  }

  /** Forgets the person. */
  reset(): void {
    this.module.exports.posenet_movenet_crop_reset(this.pointer);
  }
}

/** Creates a crop; no model is needed. Rejects with a PoseNetError. */
export async function createPersonCrop(options: ModuleOptions = {}): Promise<PersonCrop> {
  return new PersonCrop(await loadModule(options));
}
