// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_SERVER_ASIO_TYPES_H_
#define POSENET_SERVER_ASIO_TYPES_H_

#include <boost/system/error_code.hpp>

namespace posenet::server {

/// What handlers of Asio and Beast receive.
using AsioError = boost::system::error_code;

}  // namespace posenet::server

#endif  // POSENET_SERVER_ASIO_TYPES_H_
