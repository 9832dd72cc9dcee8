// SPDX-License-Identifier: Apache-2.0
#include "common/option_checks.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/human_options.h"
#include "common/numbers.h"
#include "posenet/human.h"
#include "posenet/runtime.h"

namespace posenet::app {
namespace {

// Below this a stride of 16 pixels leaves three cells a side, too few to detect a person in.
constexpr int kMinSidePx = 32;

// An option whose text `parse` turns into a value for `assign`; no value means that the text is not what is `expected`.
template <typename Parse, typename Assign>
CLI::Option* AddChecked(CLI::App& app, const std::string& name, const std::string& label, const std::string& expected,
                        const std::string& description, Parse parse, Assign assign) {
  const auto callback = [=](const CLI::results_t& texts) {
    const auto value = parse(texts.front());
    if (!value)
      throw CLI::ValidationError(name,
                                 base::StrCat("expected ", expected, ", got '", base::Printable(texts.front()), "'"));
    assign(*value);
    return true;
  };
  return app.add_option(name, callback, description)->option_text(label);
}

// `Target` takes a float.
template <typename Target, typename IsValid>
CLI::Option* AddFloat(CLI::App& app, const std::string& name, Target& target, const std::string& expected,
                      const std::string& description, IsValid is_valid) {
  const auto parse = [is_valid](const std::string& text) {
    const std::optional<float> value = ParseFloat(text);
    return value && is_valid(*value) ? value : std::nullopt;
  };
  return AddChecked(app, name, "X", expected, description, parse, [&target](float value) { target = value; });
}

// The first of `options` that the command line has; empty if it has none.
std::string FirstGiven(const CLI::App& app, const std::vector<std::string>& options) {
  const auto given =
      std::ranges::find_if(options, [&app](const std::string& name) { return app.get_option(name)->count() > 0; });
  return given == options.end() ? std::string() : *given;
}

// "a, b or c" for "a|b|c".
std::string InWords(std::string choices) {
  if (const std::size_t last = choices.rfind('|'); last != std::string::npos) choices.replace(last, 1, " or ");
  return CLI::detail::find_and_replace(choices, "|", ", ");
}

template <typename Assign>
CLI::Option* AddSizeFor(CLI::App& app, const std::string& name, const std::string& description, Assign assign) {
  const auto is_side = [](int side_px) { return side_px >= kMinSidePx && side_px <= kMaxInputSidePx; };
  const auto parse = [is_side](const std::string& text) {
    const std::optional<Size> size = ParseSize(text);
    return size && is_side(size->width_px) && is_side(size->height_px) ? size : std::nullopt;
  };
  return AddChecked(app, name, "N|WxH",
                    base::StrCat("N or WxH, each from ", kMinSidePx, " to ", kMaxInputSidePx, " pixels"), description,
                    parse, assign);
}

template <typename Target>
CLI::Option* AddIntFor(CLI::App& app, const std::string& name, Target& target, int min, int max,
                       const std::string& description) {
  const auto parse = [min, max](const std::string& text) {
    const std::optional<int> value = ParseInt(text);
    return value && *value >= min && *value <= max ? value : std::nullopt;
  };
  return AddChecked(app, name, "N", base::StrCat("a whole number from ", min, " to ", max), description, parse,
                    [&target](int value) { target = value; });
}

template <typename Target>
CLI::Option* AddScoreFor(CLI::App& app, const std::string& name, Target& target, const std::string& description) {
  return AddFloat(app, name, target, "a number from 0 to 1", description,
                  [](float value) { return value >= 0.0F && value <= 1.0F; });
}

}  // namespace

CLI::Option* AddInt(CLI::App& app, const std::string& name, int& target, int min, int max,
                    const std::string& description) {
  return AddIntFor(app, name, target, min, max, description);
}

CLI::Option* AddInt(CLI::App& app, const std::string& name, std::optional<int>& target, int min, int max,
                    const std::string& description) {
  return AddIntFor(app, name, target, min, max, description);
}

CLI::Option* AddInts(CLI::App& app, const std::string& name, std::vector<int>& target, int min, int max,
                     const std::string& description) {
  const auto parse_all = [name, min, max, &target](const CLI::results_t& texts) {
    target.clear();
    for (const std::string& text : texts) {
      const std::optional<int> value = ParseInt(text);
      if (!value || *value < min || *value > max) {
        throw CLI::ValidationError(name, base::StrCat("expected a whole number from ", min, " to ", max, ", got '",
                                                      base::Printable(text), "'"));
      }
      target.push_back(*value);
    }
    return true;
  };
  return app.add_option(name, parse_all, description)->option_text("N")->expected(1)->take_all();
}

CLI::Option* AddScore(CLI::App& app, const std::string& name, float& target, const std::string& description) {
  return AddScoreFor(app, name, target, description);
}

CLI::Option* AddScore(CLI::App& app, const std::string& name, std::optional<float>& target,
                      const std::string& description) {
  return AddScoreFor(app, name, target, description);
}

CLI::Option* AddPositive(CLI::App& app, const std::string& name, std::optional<float>& target,
                         const std::string& description) {
  return AddFloat(app, name, target, "a number above 0", description, [](float value) { return value > 0.0F; });
}

CLI::Option* AddPositive(CLI::App& app, const std::string& name, float& target, const std::string& description) {
  return AddFloat(app, name, target, "a number above 0", description, [](float value) { return value > 0.0F; });
}

CLI::Option* AddSeconds(CLI::App& app, const std::string& name, std::optional<double>& target,
                        const std::string& description) {
  const auto parse = [](const std::string& text) {
    const std::optional<double> seconds = ParseDouble(text);
    return seconds && *seconds >= 0.0 ? seconds : std::nullopt;
  };
  return AddChecked(app, name, "SECONDS", "a number of seconds, 0 or more", description, parse,
                    [&target](double seconds) { target = seconds; });
}

CLI::Option* AddSize(CLI::App& app, const std::string& name, PoseEstimatorOptions& target,
                     const std::string& description) {
  return AddSizeFor(app, name, description, [&target](const Size& size) {
    target.input_width_px = size.width_px;
    target.input_height_px = size.height_px;
  });
}

CLI::Option* AddSize(CLI::App& app, const std::string& name, std::optional<Size>& target,
                     const std::string& description) {
  return AddSizeFor(app, name, description, [&target](const Size& size) { target = size; });
}

CLI::Option* AddOutputStride(CLI::App& app, const std::string& name, int& target, const std::string& description) {
  const auto parse = [](const std::string& text) {
    const bool is_stride = text == "8" || text == "16" || text == "32";
    return is_stride ? ParseInt(text) : std::nullopt;
  };
  return AddChecked(app, name, "N", "8, 16 or 32", description, parse, [&target](int stride) { target = stride; });
}

CLI::Option* AddFit(CLI::App& app, const std::string& name, std::optional<ImageFit>& target,
                    const std::string& description) {
  const auto parse = [](const std::string& text) -> std::optional<ImageFit> {
    for (const ImageFit fit : {ImageFit::kPad, ImageFit::kStretch, ImageFit::kCrop}) {
      if (text == FitName(fit)) return fit;
    }
    return std::nullopt;
  };
  return AddChecked(app, name, "pad|stretch|crop", "pad, stretch or crop", description, parse,
                    [&target](ImageFit fit) { target = fit; });
}

CLI::Option* AddResampling(CLI::App& app, const std::string& name, std::optional<Resampling>& target,
                           const std::string& description) {
  const auto parse = [](const std::string& text) -> std::optional<Resampling> {
    for (const Resampling resampling : {Resampling::kBilinear, Resampling::kNearest, Resampling::kAntialiased}) {
      if (text == ResamplingName(resampling)) return resampling;
    }
    return std::nullopt;
  };
  return AddChecked(app, name, "bilinear|nearest|antialiased", "bilinear, nearest or antialiased", description, parse,
                    [&target](Resampling resampling) { target = resampling; });
}

CLI::Option* AddName(CLI::App& app, const std::string& name, const std::string& choices, const std::string& description,
                     std::function<bool(const std::string&)> assign) {
  const auto parse = [name, choices, assign = std::move(assign)](const CLI::results_t& texts) {
    if (assign(texts.front())) return true;
    throw CLI::ValidationError(
        name, base::StrCat("expected ", InWords(choices), ", got '", base::Printable(texts.front()), "'"));
  };
  return app.add_option(name, parse, description)->option_text(choices);
}

CLI::Option* AddPath(CLI::App& app, const std::string& name, std::string& target, const std::string& label,
                     const std::string& description) {
  const auto parse = [](const std::string& text) {
    return text.empty() || text == "-" ? std::nullopt : std::optional(text);
  };
  return AddChecked(app, name, label, "the name of a file or folder", description, parse,
                    [&target](const std::string& text) { target = text; });
}

CLI::Option* AddOutputFile(CLI::App& app, const std::string& name, std::string& target, std::string_view extension,
                           const std::string& description) {
  const auto parse = [extension = std::string(extension)](const std::string& text) {
    return std::filesystem::path(text).extension() == extension ? std::optional(text) : std::nullopt;
  };
  return AddChecked(app, name, "FILE", base::StrCat("a name that ends in ", extension), description, parse,
                    [&target](const std::string& text) { target = text; });
}

CLI::Option* AddPrecision(CLI::App& app, const std::string& name, std::optional<Precision>& target,
                          const std::string& description) {
  return AddChecked(
      app, name, "auto|fp32|bf16|int8", "auto, fp32, bf16 or int8", description,
      [](const std::string& text) { return PrecisionOf(text); }, [&target](Precision value) { target = value; });
}

CLI::Option* AddInstructionSet(CLI::App& app, const std::string& name, std::string& target,
                               const std::string& description) {
  const auto parse = [name, &target](const CLI::results_t& texts) {
    std::string known;
    for (const std::string& instruction_set : SupportedInstructionSets()) {
      known += (known.empty() ? "" : ", ") + instruction_set;
      if (CLI::detail::to_lower(texts.front()) != CLI::detail::to_lower(instruction_set)) continue;
      target = instruction_set;
      return true;
    }
    throw CLI::ValidationError(name, "expected one of " + known + ", got '" + base::Printable(texts.front()) + "'");
  };
  return app.add_option(name, parse, description)->option_text("NAME");
}

void CheckOptionsNeed(const CLI::App& app, const std::vector<std::string>& options,
                      const std::vector<std::string>& needed) {
  if (!FirstGiven(app, needed).empty()) return;
  const std::string useless = FirstGiven(app, options);
  if (useless.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    const bool is_last = i + 1 == needed.size();
    names += base::StrCat(i == 0 ? "" : is_last ? " or " : ", ", needed[i]);
  }
  throw UsageError(base::StrCat(useless, " has no effect without ", names));
}

void CheckOptionsExclude(const CLI::App& app, const std::vector<std::string>& options, const std::string& other) {
  if (FirstGiven(app, {other}).empty()) return;
  const std::string useless = FirstGiven(app, options);
  if (!useless.empty()) throw UsageError(base::StrCat(useless, " has no effect with ", other));
}

}  // namespace posenet::app
