// SPDX-License-Identifier: Apache-2.0
// The files of COCO, and of other programs with the same content, that commands read.
#ifndef POSENET_CLI_COCO_FILES_H_
#define POSENET_CLI_COCO_FILES_H_

#include <filesystem>
#include <span>
#include <vector>

#include "common/inputs.h"
#include "common/pose_outputs.h"
#include "human/coco.h"

namespace posenet::cli {

/// Reads a COCO annotation file. Throws CommandError.
human::coco::Annotations ReadAnnotations(const std::filesystem::path& file);

/// Reads the detections of any program on the images of `annotations`: a COCO results file, or a folder of OpenPose's
/// files, of which NAME_keypoints.json, in any subfolder, belongs to the image NAME.jpg. Images without detections need
/// no file. Throws CommandError if a file is damaged, is on an image that `annotations` do not have, or on two of them.
std::vector<human::coco::Detection> ReadDetections(const std::filesystem::path& path,
                                                   const human::coco::Annotations& annotations);

/// The IDs of `inputs` and of persons in the annotation file `file`, which need not have annotations; images are found
/// by their file names, without folders. Throws CommandError if an input is not there or there are two of that name.
app::CocoIds CocoIdsIn(const std::filesystem::path& file, std::span<const app::Input> inputs);

}  // namespace posenet::cli

#endif  // POSENET_CLI_COCO_FILES_H_
