// SPDX-License-Identifier: Apache-2.0
#include "server/stream_session.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "server/token.h"

namespace posenet::server {
namespace {

namespace websocket = boost::beast::websocket;
using SystemError = boost::system::error_code;

class StreamSession : public Session, public std::enable_shared_from_this<StreamSession> {
  // A member function as a handler that keeps the session.
  template <typename... Arguments>
  auto Then(void (StreamSession::*method)(Arguments...)) {
    return [self = shared_from_this(), method](Arguments... arguments) { (self.get()->*method)(arguments...); };
  }

 public:
  StreamSession(boost::beast::tcp_stream stream, std::shared_ptr<Stream> people, std::string client, Site& site)
      : socket_(std::move(stream)),
        read_timer_(socket_.get_executor()),
        write_timer_(socket_.get_executor()),
        people_(std::move(people)),
        client_(std::move(client)),
        site_(site),
        share_(site.bodies) {}
  ~StreamSession() override {
    site_.log.Write(EventLine("stream", base::StrCat(client_, " ended; ", answered_count_, " frames were answered, ",
                                                     frames_.dropped_count(), " dropped")));
    site_.sessions.Remove(this);
  }

  void Start(boost::beast::http::request<boost::beast::http::string_body> request) {
    request_ = std::move(request);
    boost::beast::get_lowest_layer(socket_).expires_never();  // The WebSocket has its own.
    websocket::stream_base::timeout timeouts = {};
    timeouts.handshake_timeout = site_.timeouts.write;
    timeouts.idle_timeout = site_.timeouts.idle;
    timeouts.keep_alive_pings = true;  // Who still answers pings is not idle.
    socket_.set_option(timeouts);
    const auto protocols = request_[boost::beast::http::field::sec_websocket_protocol];
    const bool offers = OffersProtocol({protocols.data(), protocols.size()}, kStreamProtocol);
    socket_.set_option(websocket::stream_base::decorator([offers](websocket::response_type& response) {
      response.set(boost::beast::http::field::server, "posenet");
      if (!offers) return;
      response.set(boost::beast::http::field::sec_websocket_protocol,
                   boost::beast::string_view(kStreamProtocol.data(), kStreamProtocol.size()));
    }));
    socket_.read_message_max(site_.service.options().max_body_bytes);
    socket_.text(true);
    socket_.auto_fragment(false);  // Answers are short, and some clients do not put pieces together.
    socket_.async_accept(request_, Then(&StreamSession::OnAccepted));
  }

  void RequestStop() override {
    boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
      self->is_stopping_ = true;
      if (self->is_open_ && !self->frames_.is_busy()) self->Close(websocket::close_code::going_away, "stopping");
    });
  }

 private:
  void OnAccepted(SystemError error) {
    if (error) return;
    is_open_ = true;
    if (is_stopping_) return Close(websocket::close_code::going_away, "stopping");
    Read();
  }

  void Read() {
    constexpr std::size_t kPieceBytes = 64 * 1024;
    socket_.async_read_some(in_, kPieceBytes, Then(&StreamSession::OnRead));
  }

  void OnRead(SystemError error, std::size_t /*byte_count*/) {
    if (error) return End();
    if (!socket_.got_binary()) return Close(websocket::close_code::unknown_data, "expected binary messages: images");
    if (!share_.GrowTo(in_.size())) {
      site_.metrics.CountRejection(Rejection::kMemory);
      return Close(websocket::close_code::try_again_later, "as many bytes of images wait as may");
    }
    if (!socket_.is_message_done()) {
      // Who sends a frame in drops, one just before each idle timeout, is slow too.
      if (!std::exchange(is_reading_, true)) SetDeadline(read_timer_, site_.timeouts.read, Timeout::kRead);
      return Read();
    }
    read_timer_.cancel();
    is_reading_ = false;
    std::string bytes = boost::beast::buffers_to_string(in_.data());
    in_.consume(in_.size());
    if (in_.capacity() > kKeptBytes) in_.shrink_to_fit();
    auto frame = frames_.Offer(std::move(bytes), std::exchange(share_, BudgetShare(site_.bodies)));
    if (frame) {
      Look(*std::move(frame));
    } else {
      CountDropped();
    }
    Read();
  }

  // Frames that were replaced since this was called last.
  void CountDropped() {
    for (; counted_dropped_ < frames_.dropped_count(); ++counted_dropped_) {
      site_.metrics.CountFrame(FrameOutcome::kDropped);
    }
  }

  void Look(StreamFrame frame) {
    site_.service.AnswerFrame(people_, std::move(frame), [self = shared_from_this()](std::string json) {
      boost::asio::post(self->socket_.get_executor(),
                        [self, json = std::move(json)]() mutable { self->Write(std::move(json)); });
    });
  }

  void Write(std::string json) {
    if (!is_open_) return;
    out_ = std::move(json);
    SetDeadline(write_timer_, site_.timeouts.write, Timeout::kWrite);
    socket_.async_write(boost::asio::buffer(out_), Then(&StreamSession::OnWritten));
  }

  // The next frame is looked at when the answer is on its way: who takes answers slowly gets fewer, and newer ones.
  void OnWritten(SystemError error, std::size_t /*byte_count*/) {
    write_timer_.cancel();
    if (error) return End();
    ++answered_count_;
    if (is_stopping_) return Close(websocket::close_code::going_away, "stopping");
    auto frame = frames_.Finish();
    if (frame) Look(*std::move(frame));
  }

  void SetDeadline(boost::asio::steady_timer& timer, std::chrono::milliseconds time, Timeout timeout) {
    timer.expires_after(time);
    timer.async_wait([self = shared_from_this(), timeout](SystemError error) {
      if (error || !self->is_open_) return;
      self->site_.metrics.CountTimeout(timeout);
      self->End();
    });
  }

  void Close(websocket::close_code code, const char* reason) {
    if (!std::exchange(is_open_, false)) return;
    read_timer_.cancel();
    // A client that does not take its leave, or does not hang up after it, is cut off.
    write_timer_.expires_after(kFarewellTime);
    write_timer_.async_wait([self = shared_from_this()](SystemError error) {
      if (!error) self->End();
    });
    socket_.async_close({code, reason}, Then(&StreamSession::OnClosed));
  }
  void OnClosed(SystemError /*error*/) { End(); }

  void End() {
    is_open_ = false;
    read_timer_.cancel();
    write_timer_.cancel();
    boost::beast::get_lowest_layer(socket_).close();
  }

  // Twice around the world and back.
  static constexpr auto kFarewellTime = std::chrono::seconds(2);
  // A large frame once does not keep its memory for the rest of the stream.
  static constexpr std::size_t kKeptBytes = 1 << 20;

  websocket::stream<boost::beast::tcp_stream> socket_;
  boost::asio::steady_timer read_timer_;
  boost::asio::steady_timer write_timer_;
  std::shared_ptr<Stream> people_;
  std::string client_;
  Site& site_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
  boost::beast::flat_buffer in_;
  BudgetShare share_;  // For what is in `in_`.
  NewestFrame frames_;
  std::string out_;
  std::int64_t counted_dropped_ = 0;
  std::int64_t answered_count_ = 0;
  bool is_open_ = false;
  bool is_reading_ = false;
  bool is_stopping_ = false;
};

}  // namespace

void StartStream(boost::beast::tcp_stream stream, boost::beast::http::request<boost::beast::http::string_body> request,
                 const Admission& admission, const std::string& client, Site& site) {
  Result<std::shared_ptr<Stream>> people = site.service.OpenStream(admission);
  if (!people.has_value()) return stream.close();  // Its options are ours, and in range.
  const auto session = std::make_shared<StreamSession>(std::move(stream), *std::move(people), client, site);
  site.sessions.Add(session);
  session->Start(std::move(request));
}

}  // namespace posenet::server
