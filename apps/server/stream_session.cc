// SPDX-License-Identifier: Apache-2.0
#include "server/stream_session.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "server/asio_types.h"
#include "server/responses.h"
#include "server/token.h"

namespace posenet::server {
namespace {

namespace websocket = boost::beast::websocket;

class StreamSession : public Session, public std::enable_shared_from_this<StreamSession> {
  // A member function as a handler that keeps the session alive.
  template <typename... Arguments>
  auto Then(void (StreamSession::*method)(Arguments...)) {
    return [self = shared_from_this(), method](Arguments... arguments) { (self.get()->*method)(arguments...); };
  }

 public:
  StreamSession(boost::beast::tcp_stream socket, std::shared_ptr<PoseStream> stream, std::string client,
                ServerContext& context)
      : socket_(std::move(socket)),
        read_timer_(socket_.get_executor()),
        write_timer_(socket_.get_executor()),
        stream_(std::move(stream)),
        client_(std::move(client)),
        context_(context),
        share_(context.bodies) {}
  ~StreamSession() override {
    context_.log.Write(EventLine("stream", base::StrCat(client_, " ended; ", base::Counted(processed_count_, "frame"),
                                                        " processed, ", frames_.dropped_count(), " dropped")));
    context_.sessions.Remove(this);
  }

  void Start(boost::beast::http::request<boost::beast::http::string_body> request) {
    request_ = std::move(request);
    boost::beast::get_lowest_layer(socket_).expires_never();  // The WebSocket has timeouts of its own.
    websocket::stream_base::timeout timeouts = {};
    timeouts.handshake_timeout = context_.timeouts.write;
    timeouts.idle_timeout = context_.timeouts.idle;
    timeouts.keep_alive_pings = true;  // A client that responds to pings is not idle.
    socket_.set_option(timeouts);
    const auto protocols = request_[boost::beast::http::field::sec_websocket_protocol];
    const bool offers = OffersProtocol({protocols.data(), protocols.size()}, kStreamProtocol);
    socket_.set_option(websocket::stream_base::decorator([offers](websocket::response_type& response) {
      response.set(boost::beast::http::field::server, "posenet");
      if (!offers) return;
      response.set(boost::beast::http::field::sec_websocket_protocol,
                   boost::beast::string_view(kStreamProtocol.data(), kStreamProtocol.size()));
    }));
    socket_.read_message_max(context_.limits.max_body_bytes);
    socket_.text(true);
    socket_.auto_fragment(false);  // Responses are short, and some clients cannot reassemble fragments.
    socket_.async_accept(request_, Then(&StreamSession::OnAccepted));
  }

  void RequestStop() override {
    boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
      self->is_stopping_ = true;
      if (self->is_open_ && !self->frames_.is_busy()) self->Close(websocket::close_code::going_away, "stopping");
    });
  }

 private:
  void OnAccepted(AsioError error) {
    if (error) return;
    is_open_ = true;
    if (is_stopping_) return Close(websocket::close_code::going_away, "stopping");
    Read();
  }

  void Read() {
    constexpr std::size_t kPieceBytes = 64 * 1024;
    socket_.async_read_some(in_, kPieceBytes, Then(&StreamSession::OnRead));
  }

  void OnRead(AsioError error, std::size_t /*byte_count*/) {
    if (error) return End();
    if (!socket_.got_binary()) return Close(websocket::close_code::unknown_data, "expected binary messages: images");
    if (!share_.GrowTo(in_.size())) {
      context_.metrics.CountRejection(Rejection::kMemory);
      return Close(websocket::close_code::try_again_later, "too much image data is queued");
    }
    if (!socket_.is_message_done()) {
      // A client that trickles a frame, one piece just before each idle timeout, also counts as slow.
      if (!std::exchange(is_reading_, true)) SetDeadline(read_timer_, context_.timeouts.read, Timeout::kRead);
      return Read();
    }
    read_timer_.cancel();
    is_reading_ = false;
    std::string bytes = boost::beast::buffers_to_string(in_.data());
    in_.consume(in_.size());
    if (in_.capacity() > kKeptBytes) in_.shrink_to_fit();
    auto frame = frames_.Offer(std::move(bytes), std::exchange(share_, BudgetShare(context_.bodies)));
    if (frame) {
      Process(*std::move(frame));
    } else {
      CountDropped();
    }
    Read();
  }

  // Counts the frames that were replaced since the last call.
  void CountDropped() {
    for (; counted_dropped_ < frames_.dropped_count(); ++counted_dropped_) {
      context_.metrics.CountFrame(FrameOutcome::kDropped);
    }
  }

  void Process(StreamFrame frame) {
    const FramePosition position = frame.position;
    context_.poses.ProcessFrame(
        stream_, std::move(frame), [self = shared_from_this(), position](const HttpResult<std::string>& result) {
          std::string json = result.has_value() ? *result : FrameErrorResponse(position, result.error());
          boost::asio::post(self->socket_.get_executor(),
                            [self, json = std::move(json)]() mutable { self->Write(std::move(json)); });
        });
  }

  void Write(std::string json) {
    if (!is_open_) return;
    out_ = std::move(json);
    SetDeadline(write_timer_, context_.timeouts.write, Timeout::kWrite);
    socket_.async_write(boost::asio::buffer(out_), Then(&StreamSession::OnWritten));
  }

  // The next frame is processed once this response is sent, so a slow client gets fewer responses, for later frames.
  void OnWritten(AsioError error, std::size_t /*byte_count*/) {
    write_timer_.cancel();
    if (error) return End();
    ++processed_count_;
    if (is_stopping_) return Close(websocket::close_code::going_away, "stopping");
    auto frame = frames_.Finish();
    if (frame) Process(*std::move(frame));
  }

  void SetDeadline(boost::asio::steady_timer& timer, std::chrono::milliseconds time, Timeout timeout) {
    timer.expires_after(time);
    timer.async_wait([self = shared_from_this(), timeout](AsioError error) {
      if (error || !self->is_open_) return;
      self->context_.metrics.CountTimeout(timeout);
      self->End();
    });
  }

  void Close(websocket::close_code code, const char* reason) {
    if (!std::exchange(is_open_, false)) return;
    read_timer_.cancel();
    // A client that does not complete the closing handshake is disconnected.
    write_timer_.expires_after(kCloseTimeout);
    write_timer_.async_wait([self = shared_from_this()](AsioError error) {
      if (!error) self->End();
    });
    socket_.async_close({code, reason}, Then(&StreamSession::OnClosed));
  }
  void OnClosed(AsioError /*error*/) { End(); }

  void End() {
    is_open_ = false;
    read_timer_.cancel();
    write_timer_.cancel();
    boost::beast::get_lowest_layer(socket_).close();
  }

  // Ample for a round trip to anywhere.
  static constexpr auto kCloseTimeout = std::chrono::seconds(2);
  // One large frame does not keep its memory for the rest of the stream.
  static constexpr std::size_t kKeptBytes = 1 << 20;

  websocket::stream<boost::beast::tcp_stream> socket_;
  boost::asio::steady_timer read_timer_;
  boost::asio::steady_timer write_timer_;
  std::shared_ptr<PoseStream> stream_;
  std::string client_;
  ServerContext& context_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
  boost::beast::flat_buffer in_;
  BudgetShare share_;  // For the contents of in_.
  LatestFrame frames_;
  std::string out_;
  std::int64_t counted_dropped_ = 0;
  std::int64_t processed_count_ = 0;
  bool is_open_ = false;
  bool is_reading_ = false;
  bool is_stopping_ = false;
};

}  // namespace

void StartStream(boost::beast::tcp_stream stream, boost::beast::http::request<boost::beast::http::string_body> request,
                 const HumanRequest& options, const std::string& client, ServerContext& context) {
  Result<std::shared_ptr<PoseStream>> state = context.poses.OpenStream(options);
  if (!state.has_value()) return stream.close();  // Cannot happen: the options of trackers are defaults.
  const auto session = std::make_shared<StreamSession>(std::move(stream), *std::move(state), client, context);
  context.sessions.Add(session);
  session->Start(std::move(request));
}

}  // namespace posenet::server
