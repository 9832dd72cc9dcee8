# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What bench/peers/run needs: sourced by it, behind scripts/common.sh. A peer that cannot be
# installed is named, and the others are measured without it.

# attempt WHAT COMMAND...: runs the command; if it fails, says what is missing and goes on.
attempt() {
  local what=$1 status=0
  shift
  # In a shell of its own that ends at the first error, which one on the left of || does not.
  set +e
  (set -e && "$@")
  status=$?
  set -e
  [ "$status" = 0 ] || say "$what could not be installed: it will be missing among the results"
}

# Builds our programs and those of the peers, fetches the weights, and makes build/peers/image.ppm.
prepare_peers() {
  install_build_packages
  install_npm
  install_packages libjpeg-turbo-progs util-linux
  attempt "oneDNN (libdnnl-dev)" install_packages libdnnl-dev
  attempt "OpenCV DNN (libopencv-dnn-dev)" install_packages libopencv-dnn-dev
  attempt "what makes int8 ONNX files (python3-onnx)" install_packages python3-onnx
  attempt "ONNX Runtime and TensorFlow.js" install_node_packages bench/peers

  say "building"
  cmake --preset release -DPOSENET_BUILD_PEERS=ON >/dev/null
  cmake --build --preset release --target posenet_cli run_network estimate_bench network_bench >&2
  # Each by itself: one that does not compile here is missing, too.
  cmake --build --preset release --target peers -- -k 0 >&2 || say "not every peer could be built"
  scripts/fetch-models

  mkdir -p build/peers
  djpeg -ppm models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg >build/peers/image.ppm
}
