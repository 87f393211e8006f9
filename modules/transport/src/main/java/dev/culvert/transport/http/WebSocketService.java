package dev.culvert.transport.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.Optional;

/**
 * What takes WebSockets, whichever listener they came to; {@link
 * dev.culvert.transport.MachineDriver#webSockets} makes one of a machine. Safe for any thread.
 */
public interface WebSocketService {
  /** Which ones it takes. */
  WebSocketTerms terms();

  /**
   * Makes room for one more, until its channel closes.
   *
   * @param channel whose client has asked for a WebSocket and got no answer yet
   * @return what handles its {@link io.netty.handler.codec.http.websocketx.WebSocketFrame frames},
   *     to be added once the answer was written; empty: there is no room
   */
  Optional<ChannelHandler> admit(Channel channel);
}
