// SPDX-License-Identifier: Apache-2.0
// The version of the library. CMake parses this file.
#ifndef POSENET_VERSION_H_
#define POSENET_VERSION_H_

/// Semantic version; before 1.0, a new minor version may change the API.
#define POSENET_VERSION_MAJOR 0
#define POSENET_VERSION_MINOR 2
#define POSENET_VERSION_PATCH 0
#define POSENET_VERSION_STRING "0.2.0"

#endif  // POSENET_VERSION_H_
