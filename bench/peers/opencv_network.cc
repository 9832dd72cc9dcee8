// SPDX-License-Identifier: Apache-2.0
// Times OpenCV DNN, and prints one line of JSON with the milliseconds of each run.
//
//   opencv_network MODEL.onnx fp32 INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]
//
// MODEL.onnx is written by 'posenet model export --size SIZE'.
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <string>

#include "../network_program.h"

namespace posenet::bench {
namespace {

class OpenCvNetwork final : public MeasuredNetwork {
 public:
  explicit OpenCvNetwork(const NetworkArguments& arguments)
      : size_px_(arguments.size_px), net_(cv::dnn::readNetFromONNX(arguments.model)) {
    cv::setNumThreads(arguments.threads);
    net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
  }

  void SetInput(std::span<const float> input_hwc) override {
    const std::vector<float> input_chw = Transposed(input_hwc, input_hwc.size() / 3);
    const int sizes[] = {1, 3, size_px_, size_px_};
    // OpenCV copies the data, though its parameter is not const.
    net_.setInput(cv::Mat(4, sizes, CV_32F, const_cast<float*>(input_chw.data())));
  }
  void Run() override { net_.forward(outputs_, kOutputs); }
  std::vector<float> Heatmap() override {
    const cv::Mat& heatmap = outputs_.front();
    return Transposed({heatmap.ptr<float>(), heatmap.total()}, static_cast<std::size_t>(heatmap.size[1]));
  }

 private:
  inline static const std::vector<cv::String> kOutputs = {"heatmap", "offset", "displacement_fwd", "displacement_bwd"};
  int size_px_;
  cv::dnn::Net net_;
  std::vector<cv::Mat> outputs_;
};

std::unique_ptr<MeasuredNetwork> Prepare(const NetworkArguments& arguments) {
  if (arguments.precision != "fp32") throw Unsupported("only fp32 is measured");
  return std::make_unique<OpenCvNetwork>(arguments);
}

}  // namespace
}  // namespace posenet::bench

int main(int argc, char** argv) {
  const posenet::bench::NetworkProgram program(
      {.program = "opencv_network", .name = "OpenCV DNN", .version = CV_VERSION}, posenet::bench::Prepare);
  return program.Main(argc, argv);
}
