// SPDX-License-Identifier: Apache-2.0
#include "server/listener.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <cstdint>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "server/connection.h"

namespace posenet::server {
namespace {

using boost::asio::ip::tcp;

// Parsing and copying cost little beside inference; the second thread serves while the first writes a long response.
constexpr int kNetworkThreads = 2;
// This many connections beyond the limit get a 503; more are closed without a response.
constexpr std::size_t kMaxRefused = 64;
// After accept fails, for example for lack of file descriptors: until a connection has probably ended.
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

// Address and port, as in a URL.
std::string TextOf(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  const std::string text = address.to_string();
  return base::StrCat(address.is_v6() ? base::StrCat("[", text, "]") : text, ":", endpoint.port());
}

}  // namespace

struct Listener::Impl {
  Impl(const tcp::endpoint& where, ServerContext& shared)
      : server(shared), work(io.get_executor()), acceptor(boost::asio::make_strand(io)), pause(io) {
    acceptor.open(where.protocol());
    // A restarted server need not wait for the connections of its predecessor to time out.
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(where);
    acceptor.listen();
  }
  ~Impl() {
    io.stop();
    for (std::thread& thread : threads) thread.join();
  }

  void Accept() {
    acceptor.async_accept(
        boost::asio::make_strand(io),
        [this](const boost::system::error_code& error, tcp::socket socket) { OnAccept(error, std::move(socket)); });
  }

  void OnAccept(const boost::system::error_code& error, tcp::socket socket) {
    if (!acceptor.is_open()) return;
    if (error) {
      server.log.Write(EventLine("accept", error.message()));
      pause.expires_after(kAcceptPause);
      pause.async_wait(boost::asio::bind_executor(acceptor.get_executor(), [this](const auto& /*error*/) {
        if (acceptor.is_open()) Accept();
      }));
      return;
    }
    const std::size_t open = server.sessions.size();
    if (open < max_connections) {
      StartConnection(std::move(socket), server);
    } else if (open < max_connections + kMaxRefused) {
      RefuseConnection(std::move(socket), server);
    }
    Accept();
  }

  // A handler that runs out of memory loses its connection; the others continue.
  void Run() {
    while (true) {
      try {
        io.run();
        return;
      } catch (const std::bad_alloc&) {
        server.log.Write(EventLine("memory", "out of memory; a connection was lost"));
      }
    }
  }

  ServerContext& server;
  boost::asio::io_context io;
  // After the acceptor is closed, a connection whose image is being processed waits for nothing that the context knows
  // of; without this guard its threads would end and the response would never be sent.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  tcp::acceptor acceptor;
  boost::asio::steady_timer pause;
  std::size_t max_connections = 0;
  std::vector<std::thread> threads;
};

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

Result<Listener> Listener::Open(const std::string& host, int port, ServerContext& context) {
  boost::system::error_code error;
  const boost::asio::ip::address address = boost::asio::ip::make_address(host, error);
  if (error) {
    return base::Fail(ErrorCode::kInvalidArgument, "expected an IP address such as 127.0.0.1 or ::, got '",
                      base::Printable(host), "'");
  }
  const tcp::endpoint where(address, static_cast<std::uint16_t>(port));
  try {
    return Listener(std::make_unique<Impl>(where, context));
  } catch (const boost::system::system_error& failure) {
    return base::Fail(ErrorCode::kIo, "cannot listen on ", TextOf(where), ": ", failure.code().message());
  }
}

int Listener::port() const { return impl_->acceptor.local_endpoint().port(); }

std::string Listener::Url() const { return base::StrCat("http://", TextOf(impl_->acceptor.local_endpoint()), "/"); }

void Listener::Start(std::size_t max_connections) {
  impl_->max_connections = max_connections;
  impl_->Accept();
  for (int i = 0; i < kNetworkThreads; ++i) impl_->threads.emplace_back([impl = impl_.get()] { impl->Run(); });
}

bool Listener::Stop(std::chrono::duration<double> timeout) {
  boost::asio::post(impl_->acceptor.get_executor(), [impl = impl_.get()] {
    boost::system::error_code ignored;
    impl->acceptor.close(ignored);
    // Afterwards, so that no connection slips in between.
    impl->server.sessions.StopAll();
  });
  return impl_->server.sessions.WaitUntilEmpty(timeout);
}

}  // namespace posenet::server
