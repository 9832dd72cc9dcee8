# SPDX-License-Identifier: Apache-2.0
"""From an image to keypoints, by OpenCV DNN and a decoder written by hand, for one person: several would need the
decoder of TensorFlow.js, another hundred lines. MODEL is the network in ONNX for inputs of 257 x 257 pixels."""
import os

import cv2
import numpy as np

cv2.setNumThreads(1)
network = cv2.dnn.readNetFromONNX(os.environ["MODEL"])
names = [network.getLayer(i).name for i in network.getUnconnectedOutLayers()]
SIZE, STRIDE = 257, 16


def keypoints_of(image):
    height, width = image.shape[:2]
    scale = SIZE / max(height, width)
    resized = cv2.resize(image, (round(width * scale), round(height * scale)))
    padded = np.zeros((SIZE, SIZE, 3), np.uint8)
    padded[: resized.shape[0], : resized.shape[1]] = resized
    network.setInput(cv2.dnn.blobFromImage(padded, 1 / 127.5, (SIZE, SIZE), (127.5, 127.5, 127.5)))
    outputs = {maps.shape[1]: maps[0] for maps in network.forward(names)}  # By their number of channels.
    heatmap, offsets = outputs[17], outputs[34]
    cells = heatmap.reshape(17, -1).argmax(axis=1)
    rows, columns = np.divmod(cells, heatmap.shape[2])
    parts = np.arange(17)
    y = rows * STRIDE + offsets[parts, rows, columns]
    x = columns * STRIDE + offsets[17 + parts, rows, columns]
    scores = 1 / (1 + np.exp(-heatmap[parts, rows, columns]))
    return np.stack([x / scale, y / scale, scores], axis=1)[None]
