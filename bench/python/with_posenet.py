# SPDX-License-Identifier: Apache-2.0
"""From an image file to keypoints, by posenet."""
import posenet

estimator = posenet.PoseEstimator("mobilenet075", size=257, precision="fp32", threads=1)


def keypoints_of(image):
    return estimator.estimate(image).keypoints  # Of every person: x, y and score.
