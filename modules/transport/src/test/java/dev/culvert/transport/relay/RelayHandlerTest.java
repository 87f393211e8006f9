package dev.culvert.transport.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An allocation over the application's own UDP channel. */
class RelayHandlerTest {
  private final LocalRelay relay = new LocalRelay();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final BlockingQueue<String> own = new LinkedBlockingQueue<>();
  private final Channel channel = bind("127.0.0.1");

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    relay.close();
  }

  private Channel bind(String address) {
    return new Bootstrap()
        .group(loops)
        .channel(NioDatagramChannel.class)
        .handler(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                DatagramPacket packet = (DatagramPacket) message;
                own.add(packet.content().toString(StandardCharsets.UTF_8));
                packet.release();
              }
            })
        .bind(new InetSocketAddress(LocalRelay.ip(address), 0))
        .syncUninterruptibly()
        .channel();
  }

  private static TransportAddress local(Channel channel) {
    return TransportAddress.of((InetSocketAddress) channel.localAddress());
  }

  private static RelayAllocation share(Channel channel, RelayHandler handler) {
    channel.pipeline().addFirst(handler);
    return LocalRelay.get(handler.allocation());
  }

  private static void send(DatagramSocket from, String text, TransportAddress to)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    from.send(new java.net.DatagramPacket(bytes, bytes.length, to.toSocketAddress()));
  }

  private static String receive(DatagramSocket at) throws IOException {
    java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[2000], 2000);
    at.setSoTimeout(60_000);
    at.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Test
  void oneSocketCarriesTheRelayAndTheApplicationsOwn() throws IOException {
    RelayHandler handler = new RelayHandler(relay.config(Transport.UDP));
    try (RelayAllocation allocation = share(channel, handler);
        DatagramSocket socket = allocation.socket();
        DatagramSocket peer = new DatagramSocket(0, LocalRelay.ip("127.0.0.1"))) {
      assertEquals(local(channel), allocation.mapped());
      TransportAddress address =
          TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
      for (int i = 0; i < 10; i++) {
        send(socket, "through the relay", address);
        assertEquals("through the relay", receive(peer));
        send(peer, "back", allocation.relayed());
        assertEquals("back", receive(socket));
        send(peer, "direct " + i, local(channel));
        assertEquals("direct " + i, LocalRelay.take(own));
      }
      ChannelFuture unused =
          channel.writeAndFlush(
              new DatagramPacket(
                  Unpooled.copiedBuffer("own", StandardCharsets.UTF_8), address.toSocketAddress()));
      assertEquals("own", receive(peer));
      assertTrue(own.isEmpty());
    }
    assertTrue(channel.isActive(), "the socket is the application's");
    assertNull(channel.pipeline().get(RelayHandler.class), "and the handler is gone");
    assertEquals(0, relay.server.allocations());
  }

  @Test
  void twoAllocationsTalkOverSharedSockets() throws IOException {
    Channel other = bind("127.0.0.1");
    try (RelayAllocation one = share(channel, new RelayHandler(relay.config(Transport.UDP)));
        RelayAllocation two = share(other, new RelayHandler(relay.config(Transport.UDP)))) {
      LocalRelay.get(two.permit(one.relayed()));
      Channel there = one.channel(two.relayed());
      DatagramSocket back = two.socket();
      ChannelFuture unused =
          there.writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
      assertEquals("hello", receive(back));
    }
  }

  /** Of both IP versions, or of IPv4 where there is no other. */
  private static String everywhere() {
    try (DatagramSocket probe =
        new DatagramSocket(new InetSocketAddress(LocalRelay.ip("::1"), 0))) {
      return probe.isBound() ? "::" : "0.0.0.0";
    } catch (IOException e) {
      return "0.0.0.0";
    }
  }

  @Test
  void aSocketForAllAddressesServes() throws IOException {
    Channel all = bind(everywhere());
    try (RelayAllocation allocation = share(all, new RelayHandler(relay.config(Transport.UDP)))) {
      assertEquals(local(all).port(), allocation.mapped().port());
    }
  }

  @Test
  void refusalsLossesAndTheEndOfTheChannelAreTold() {
    TurnClientConfig wrong =
        TurnClientConfig.of(
            relay.config(Transport.UDP).server(),
            Transport.UDP,
            new LongTermCredential("alice", "lookingglass"));
    RelayHandler refused = new RelayHandler(wrong);
    channel.pipeline().addFirst(refused);
    assertEquals(401, ((RelayException) LocalRelay.failure(refused.allocation())).code());

    TurnClientConfig hasty = relay.config(Transport.UDP).withKeepalive(Duration.ofSeconds(1));
    BlockingQueue<TurnClientEvent> events = new LinkedBlockingQueue<>();
    RelayAllocation lost = share(channel, new RelayHandler(hasty, events::add));
    relay.dropAllocations();
    assertInstanceOf(TurnClientEvent.Lost.class, LocalRelay.get(lost.ended()));
    assertInstanceOf(TurnClientEvent.Allocated.class, LocalRelay.take(events));

    RelayAllocation closing = share(channel, new RelayHandler(hasty));
    channel.close().syncUninterruptibly();
    TurnClientEvent.Lost end =
        assertInstanceOf(TurnClientEvent.Lost.class, LocalRelay.get(closing.ended()));
    assertTrue(end.reason().endsWith("the channel was closed"), end.reason());
  }

  @Test
  void takingTheHandlerOutEndsIt() {
    RelayHandler handler = new RelayHandler(relay.config(Transport.UDP));
    RelayAllocation allocation = share(channel, handler);
    channel.pipeline().remove(handler);
    assertInstanceOf(TurnClientEvent.Lost.class, LocalRelay.get(allocation.ended()));
    assertNotNull(LocalRelay.failure(allocation.permit(allocation.relayed())));
    assertTrue(channel.isActive());
  }

  @Test
  void onlyUdpGoesOverIt() {
    TurnClientConfig tcp = relay.config(Transport.TCP);
    assertThrows(IllegalArgumentException.class, () -> new RelayHandler(tcp));
  }
}
