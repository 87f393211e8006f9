package dev.culvert.transport;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Output;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Opens a WebSocket for a machine: TCP, TLS, and the handshake of RFC 6455. */
final class WebSocketClient {
  private static final int CONNECT_TIMEOUT_MILLIS = 30_000;

  /** As for what the machine of a server may have unsent, and may be sent. */
  private static final int UNSENT = 256 << 10;

  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(32 << 10, 64 << 10);

  private final MachineDriver<?> driver;
  private final Output.OpenWebSocket wanted;
  private final WebSocketConnection connection;

  private WebSocketClient(MachineDriver<?> driver, Output.OpenWebSocket wanted) {
    this.driver = driver;
    this.wanted = wanted;
    this.connection = WebSocketConnection.wanted(driver, wanted.id(), UNSENT);
  }

  static void open(MachineDriver<?> driver, Output.OpenWebSocket wanted) {
    WebSocketClient client = new WebSocketClient(driver, wanted);
    driver.register(wanted.id(), client.connection);
    Optional<CompletionStage<SSLEngine>> engine =
        wanted.server().map(server -> driver.runtime().clientEngine(server, false));
    if (engine.isEmpty() && !wanted.remote().ip().isLoopbackAddress()) {
      client.connection.fail(
          new Fault(CloseCause.UNTRUSTED, "a WebSocket without TLS leads to this machine only"));
      return;
    }
    try {
      client.connect(client.uri(), engine.orElse(null));
    } catch (URISyntaxException e) {
      client.connection.fail(
          new Fault(CloseCause.OTHER, "no such WebSocket can be asked for: " + e.getMessage()));
    } catch (RuntimeException e) {
      client.connection.fail(Fault.of(e));
    }
  }

  /** What the request's line and its Host field say. */
  private URI uri() throws URISyntaxException {
    Optional<InetAddress> ip = IpLiterals.parse(wanted.host());
    String host;
    try {
      host = ip.isPresent() ? IpLiterals.format(ip.get(), true) : ServerNames.ascii(wanted.host());
    } catch (IllegalArgumentException e) {
      throw new URISyntaxException(wanted.host(), "not a host name");
    }
    URI uri =
        new URI(
            (wanted.server().isPresent() ? "wss://" : "ws://")
                + host
                + ":"
                + wanted.remote().port()
                + wanted.path());
    if (uri.getHost() == null || !wanted.path().startsWith("/")) {
      throw new URISyntaxException(uri.toString(), "not a host name and a path");
    }
    return uri;
  }

  private void connect(URI uri, @Nullable CompletionStage<SSLEngine> engine) {
    Platform platform = driver.runtime().platform();
    SocketProtocolFamily family =
        wanted.remote().isIpv6() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    WebSocketHandshake handshake =
        new WebSocketHandshake(connection, uri, wanted.subprotocol(), engine != null);
    ChannelFuture connected =
        new Bootstrap()
            .group(driver.loop())
            .channelFactory(() -> platform.socketChannel(family))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
            .option(ChannelOption.AUTO_READ, engine == null)
            .handler(handshake)
            .connect(wanted.remote().toSocketAddress());
    connection.connecting(connected.channel());
    connected.addListener(
        future -> {
          if (!connected.isSuccess()) {
            connection.fail(Fault.of(connected.cause()));
          } else if (engine != null) {
            engine.whenComplete(
                (made, failure) -> driver.onLoop(() -> secure(connected.channel(), made, failure)));
          }
        });
  }

  private void secure(Channel channel, @Nullable SSLEngine engine, @Nullable Throwable failure) {
    if (!channel.isActive()) {
      return;
    }
    if (engine == null) {
      String why = failure == null ? "no engine" : String.valueOf(failure.getMessage());
      connection.fail(new Fault(CloseCause.HANDSHAKE_FAILED, "TLS cannot start: " + why));
      return;
    }
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    engine.setSSLParameters(parameters);
    channel.pipeline().addFirst(Connection.handler(driver.runtime(), engine));
    channel.config().setAutoRead(true);
  }
}
