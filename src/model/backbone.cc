// SPDX-License-Identifier: Apache-2.0
#include "model/backbone.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "model/googlenet.h"
#include "model/mobilenet.h"
#include "model/resnet34.h"

namespace posenet::model {
namespace {

constexpr std::pair<Backbone, std::string_view> kNames[] = {{Backbone::kMobileNet100, "mobilenet100"},
                                                            {Backbone::kMobileNet075, "mobilenet075"},
                                                            {Backbone::kGoogLeNet, "googlenet"},
                                                            {Backbone::kGoogLeNetBn, "googlenet-bn"},
                                                            {Backbone::kResNet34, "resnet34"}};

}  // namespace

std::string_view BackboneName(Backbone backbone) {
  for (const auto& [known, name] : kNames) {
    if (known == backbone) return name;
  }
  return "";
}

Result<Backbone> BackboneOf(std::string_view name) {
  std::string names;
  for (const auto& [backbone, known] : kNames) {
    if (name == known) return backbone;
    names += base::StrCat(names.empty() ? "" : ", ", known);
  }
  return base::Fail(ErrorCode::kInvalidArgument, "backbone ", base::Printable(name), "; expected one of ", names);
}

BackboneTaps AppendBackbone(Backbone backbone, NetworkBuilder& builder) {
  switch (backbone) {
    case Backbone::kMobileNet100:
      return {AppendMobileNetV1(1.0F, 32, builder), {}};
    case Backbone::kMobileNet075:
      return {AppendMobileNetV1(0.75F, 32, builder), {}};
    case Backbone::kGoogLeNet:
      return AppendCaffeGoogLeNet(builder);
    case Backbone::kGoogLeNetBn:
      return AppendTorchGoogLeNet(builder);
    case Backbone::kResNet34:
      break;
  }
  return {AppendResNet34(builder), {}};
}

BackboneInput InputOf(Backbone backbone) {
  switch (backbone) {
    case Backbone::kGoogLeNet:
      // ImageNet's mean, rounded to integers as by the model's authors.
      return {1.0F, {-123.0F, -117.0F, -104.0F}};
    case Backbone::kResNet34: {
      constexpr float kDeviation = 0.226F;
      return {1.0F / (255.0F * kDeviation), {-0.485F / kDeviation, -0.456F / kDeviation, -0.406F / kDeviation}};
    }
    case Backbone::kMobileNet100:
    case Backbone::kMobileNet075:
    case Backbone::kGoogLeNetBn:  // torchvision's transform_input converts ImageNet's normalization to this one.
      break;
  }
  return {1.0F / 127.5F, {-1.0F, -1.0F, -1.0F}};
}

}  // namespace posenet::model
