// SPDX-License-Identifier: Apache-2.0
// The configurations of MoveNet whose results are compared with those of upstream.
export const CASES = [
  {name: 'lightning', model: 'movenet-lightning', config: {modelType: 'SinglePose.Lightning'}},
  {name: 'lightning, not smoothed', model: 'movenet-lightning', config: {enableSmoothing: false}},
  {name: 'thunder', model: 'movenet-thunder', config: {modelType: 'SinglePose.Thunder'}},
  {name: 'multipose', model: 'movenet-multipose', config: {modelType: 'MultiPose.Lightning'}},
  {
    name: 'multipose, tracked by keypoints', model: 'movenet-multipose',
    config: {modelType: 'MultiPose.Lightning', trackerType: 'keypoint', trackerConfig: {maxAge: 60}, minPoseScore: 0.2},
  },
];
