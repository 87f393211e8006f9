package dev.culvert.transport;

import dev.culvert.transport.http.WebSocketService;
import dev.culvert.transport.http.WebSocketTerms;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes WebSockets for a driver's machine. */
final class DriverWebSockets implements WebSocketService {
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(32 << 10, 64 << 10);

  private final MachineDriver<?> driver;
  private final WebSocketTerms terms;
  private final AtomicInteger standing = new AtomicInteger();

  DriverWebSockets(MachineDriver<?> driver, WebSocketTerms terms) {
    this.driver = driver;
    this.terms = terms;
  }

  @Override
  public WebSocketTerms terms() {
    return terms;
  }

  @Override
  public Optional<ChannelHandler> admit(Channel channel) {
    if (driver.isClosed()) {
      return Optional.empty();
    }
    if (standing.incrementAndGet() > terms.connections()) {
      standing.decrementAndGet();
      driver.countRefusedConnection();
      return Optional.empty();
    }
    channel.closeFuture().addListener(closed -> standing.decrementAndGet());
    channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT);
    WebSocketConnection connection = WebSocketConnection.accepted(driver, terms.unsent());
    return Optional.of(new WebSocketMessages(connection, true, terms.message()));
  }
}
