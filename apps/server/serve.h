// SPDX-License-Identifier: Apache-2.0
// The command posenet serve.
#ifndef POSENET_SERVER_SERVE_H_
#define POSENET_SERVER_SERVE_H_

#include "common/action.h"

namespace posenet::server {

/// Adds `posenet serve` below `parent`; parsing it sets `action`, which must outlive that.
void AddServe(CLI::App& parent, app::Action& action);

}  // namespace posenet::server

#endif  // POSENET_SERVER_SERVE_H_
