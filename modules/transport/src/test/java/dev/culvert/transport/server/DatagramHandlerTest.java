package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a socket does with sources that loopback cannot play. */
class DatagramHandlerTest {
  private static final InetSocketAddress LOCAL = new InetSocketAddress(ip("192.0.2.1"), 3478);
  private static final RateLimit FEW = new RateLimit(1, 50, 24, 56);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final LoopState loop =
      new LoopState(
          channel.eventLoop(), new ResponseLimiter(FEW, new Random(1), System.nanoTime()));

  private void listen(Corners corners) {
    DatagramSet set = new DatagramSet(loop, corners);
    set.add(channel);
    channel.pipeline().addLast(new DatagramHandler(set, 0));
  }

  private void receive(Bytes wire, InetSocketAddress from) {
    DatagramPacket packet =
        new DatagramPacket(Unpooled.buffer().writeBytes(wire.toByteArray()), LOCAL, from);
    channel.writeInbound(packet);
    assertEquals(0, packet.refCnt());
  }

  private int sent() {
    int sent = 0;
    for (DatagramPacket out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      out.release();
      sent++;
    }
    return sent;
  }

  private long count(ServerCount what) {
    return ServerCounts.sum(List.of(loop.counts)).getOrDefault(what, 0L);
  }

  @AfterEach
  void finish() {
    channel.finishAndReleaseAll();
  }

  @Test
  void aFloodInOneNetworksNameIsAnsweredOnlyAsFarAsItMay() {
    listen(Corners.single(TransportAddress.of(LOCAL)));
    Bytes request = StunCodec.encode(UdpAsker.binding());
    for (int i = 0; i < 5000; i++) {
      Bytes forged = Bytes.of(198, 51, 100, i);
      receive(request, new InetSocketAddress(IpLiterals.ofBytes(forged), 1 + i));
    }
    int sent = sent();
    assertTrue(sent >= 50 && sent <= 5000 / 10, sent + " sent");
    assertEquals(5000 - sent, count(ServerCount.DROPPED_RATE));
    receive(request, new InetSocketAddress(ip("203.0.113.5"), 4));
    assertEquals(1, sent());
  }

  @Test
  void aFloodInOneIpv6NetworksNameIsToo() {
    listen(Corners.single(new TransportAddress(ip("2001:db8:1::1"), 3478)));
    Bytes request = StunCodec.encode(UdpAsker.binding());
    for (int i = 0; i < 5000; i++) {
      Bytes forged = Bytes.hex("20010db80002000000000000000000").concat(Bytes.of(i));
      receive(request, new InetSocketAddress(IpLiterals.ofBytes(forged), 1 + i));
    }
    int sent = sent();
    assertTrue(sent >= 50 && sent <= 5000 / 10, sent + " sent");
  }

  @Test
  void nothingIsSentToPortZero() {
    listen(Corners.single(TransportAddress.of(LOCAL)));
    Bytes request = StunCodec.encode(UdpAsker.binding());
    receive(request, new InetSocketAddress(ip("198.51.100.1"), 0));
    assertEquals(0, sent());
    assertEquals(1, count(ServerCount.DROPPED_GARBAGE));
  }

  @Test
  void noFloodOfGarbageMakesItThrowOrLeak() {
    listen(Corners.single(TransportAddress.of(LOCAL)));
    Random random = new Random(77);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      if (noise.length >= 20 && random.nextBoolean()) {
        noise[0] = 0;
        noise[1] = 1;
        noise[2] = 0;
        noise[3] = (byte) (noise.length - 20);
      }
      receive(Bytes.wrap(noise), new InetSocketAddress(ip("127.0.0.1"), 1 + random.nextInt(65535)));
    }
    channel.checkException();
    assertEquals(sent(), count(ServerCount.UDP_ANSWERED));
    assertEquals(0, count(ServerCount.DROPPED_AMPLIFICATION));
  }
}
