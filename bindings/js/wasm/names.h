// SPDX-License-Identifier: Apache-2.0
// The names that JavaScript has for the library's enumerators. The compiler reports an enumerator without a name
// (-Wswitch); bindings/js/test/names.test.mjs compares the names with those of the package's types.
#ifndef POSENET_BINDINGS_JS_WASM_NAMES_H_
#define POSENET_BINDINGS_JS_WASM_NAMES_H_

#include <string_view>
#include <vector>

#include "posenet/human.h"
#include "posenet/result.h"
#include "posenet/track.h"

namespace posenet::wasm {

/// The name of a value; empty for an integer that is no enumerator.
constexpr std::string_view NameOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid-argument";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kPermissionDenied:
      return "permission-denied";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kCorruptData:
      return "corrupt-data";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kResourceExhausted:
      return "resource-exhausted";
  }
  return {};
}

constexpr std::string_view NameOf(PoseDecoder decoder) {
  switch (decoder) {
    case PoseDecoder::kTfjsSingle:
      return "tfjs-single";
    case PoseDecoder::kTfjsMultiple:
      return "tfjs-multiple";
    case PoseDecoder::kCoral:
      return "coral";
    case PoseDecoder::kHough:
      return "hough";
    case PoseDecoder::kMoveNetSingle:
      return "movenet-single";
    case PoseDecoder::kMoveNetMultiple:
      return "movenet-multiple";
  }
  return {};
}

constexpr std::string_view NameOf(Precision precision) {
  switch (precision) {
    case Precision::kAuto:
      return "auto";
    case Precision::kFloat32:
      return "fp32";
    case Precision::kBFloat16:
      return "bf16";
    case Precision::kInt8:
      return "int8";
  }
  return {};
}

constexpr std::string_view NameOf(ImageFit fit) {
  switch (fit) {
    case ImageFit::kPad:
      return "pad";
    case ImageFit::kStretch:
      return "stretch";
    case ImageFit::kCrop:
      return "crop";
  }
  return {};
}

constexpr std::string_view NameOf(Resampling resampling) {
  switch (resampling) {
    case Resampling::kBilinear:
      return "bilinear";
    case Resampling::kNearest:
      return "nearest";
    case Resampling::kAntialiased:
      return "antialiased";
  }
  return {};
}

constexpr std::string_view NameOf(TrackSimilarity similarity) {
  switch (similarity) {
    case TrackSimilarity::kKeypoints:
      return "keypoints";
    case TrackSimilarity::kBox:
      return "box";
  }
  return {};
}

/// The names of all enumerators of `Enum`, whose values count up from 0.
template <typename Enum>
std::vector<std::string_view> AllNames() {
  std::vector<std::string_view> names;
  for (int value = 0;; ++value) {
    const std::string_view name = NameOf(static_cast<Enum>(value));
    if (name.empty()) return names;
    names.push_back(name);
  }
}

}  // namespace posenet::wasm

#endif  // POSENET_BINDINGS_JS_WASM_NAMES_H_
