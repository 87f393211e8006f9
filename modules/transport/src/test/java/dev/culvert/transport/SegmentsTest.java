package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.ScriptedMachine.Heard;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentsTest {
  private static final String EVERYWHERE = "dev.culvert.transport.Loopback#everywhere";

  /** The kernel computes no checksums then, and cuts nothing that has none: EINVAL. */
  private static final ChannelOption<Integer> SO_NO_CHECK =
      new IntegerUnixChannelOption("SO_NO_CHECK", 1, 11);

  private static final int SEGMENT = 1_200;
  private static final int COUNT = 70;
  private static final int LAST = 77;

  /** Each datagram has its number in each byte. */
  private static ByteBuf datagrams() {
    ByteBuf data = Unpooled.directBuffer();
    for (int each = 0; each < COUNT; each++) {
      data.writeBytes(datagram(each, each == COUNT - 1 ? LAST : SEGMENT));
    }
    return data;
  }

  private static byte[] datagram(int number, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  /** What leaves one real socket comes to another; whether the kernel still cuts is returned. */
  private static boolean arrive(
      Platform platform, String address, boolean possible, boolean refused) throws Exception {
    boolean ipv6 = Loopback.at(address).isIpv6();
    SocketProtocolFamily family = ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, platform.ioHandlerFactory());
    ByteBuf data = datagrams();
    try (DatagramSocket there = new DatagramSocket(Loopback.at(address).toSocketAddress())) {
      there.setSoTimeout(60_000);
      there.setReceiveBufferSize(1 << 20);
      Channel here =
          new Bootstrap()
              .group(loops)
              .channelFactory(() -> platform.datagramChannel(family))
              .handler(new ChannelInboundHandlerAdapter())
              .bind(Loopback.at(address).toSocketAddress())
              .syncUninterruptibly()
              .channel();
      if (refused) {
        here.config().setOption(SO_NO_CHECK, 1);
      }
      Segments segments = new Segments(possible);
      ConcurrentLinkedQueue<Throwable> lost = new ConcurrentLinkedQueue<>();
      var to = (InetSocketAddress) there.getLocalSocketAddress();
      here.eventLoop()
          .submit(
              () -> {
                segments.write(here, data, SEGMENT, to, lost::add);
                here.flush();
              })
          .syncUninterruptibly();
      for (int each = 0; each < COUNT; each++) {
        DatagramPacket packet = new DatagramPacket(new byte[2 * SEGMENT], 2 * SEGMENT);
        there.receive(packet);
        byte[] got = Arrays.copyOf(packet.getData(), packet.getLength());
        assertEquals(
            Bytes.wrap(datagram(each, each == COUNT - 1 ? LAST : SEGMENT)), Bytes.wrap(got));
      }
      assertEquals(List.of(), List.copyOf(lost));
      here.close().syncUninterruptibly();
      assertEquals(0, data.refCnt());
      return segments.arePossible();
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void comeInOrderAndAsLongAsTheyWere(boolean nio, String address) throws Exception {
    Platform platform = Platform.choose(nio);
    boolean possible = platform.sendsSegments();
    assertEquals(possible, arrive(platform, address, possible, false));
    assertFalse(arrive(platform, address, false, false));
  }

  @Test
  void aKernelThatDoesNotCutLosesNothing() throws Exception {
    Platform platform = Platform.choose(false);
    assumeTrue(platform.sendsSegments(), "a kernel that cuts");
    assertFalse(arrive(platform, "127.0.0.1", true, true));
  }

  /** What a machine sends at once leaves together, and comes together; nobody is to see that. */
  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void aMachineSeesSingleDatagrams(boolean nio, String address) {
    TransportAddress any = Loopback.at(Loopback.at(address).isIpv6() ? "::" : "0.0.0.0");
    try (NetworkRuntime runtime = NetworkRuntime.builder().nioOnly(nio).build();
        Driven there = new Driven(runtime);
        Driven other = new Driven(runtime);
        Driven here = new Driven(runtime)) {
      int port = there.bind(0, any).local().port();
      TransportAddress at = new TransportAddress(Loopback.ip(address), port);
      TransportAddress otherAt = other.bind(0, Loopback.at(address)).local();
      TransportAddress from = here.bind(3, Loopback.at(address)).local();
      Flow flow = new Flow(3, Transport.UDP, from, at);
      List<Bytes> all = new ArrayList<>();
      List<Output> sends = new ArrayList<>();
      int number = 0;
      for (int length :
          new int[] {9, 9, 9, 4, 9, 12, 0, 0, 12, 12, 20_000, 20_000, 20_000, 20_000, 1}) {
        all.add(Bytes.wrap(datagram(number++, length)));
      }
      for (int each = 0; each < 40; each++) {
        all.add(Bytes.wrap(datagram(number++, 100)));
      }
      all.forEach(each -> sends.add(new Output.Send(flow, each)));
      sends.add(5, new Output.Send(new Flow(3, Transport.UDP, from, otherAt), Bytes.utf8("aside")));

      here.wants(sends.toArray(Output[]::new));

      // Those without content do not leave at all, and are not to spoil the others.
      all.removeIf(each -> each.length() == 0);
      for (Bytes each : all) {
        Heard heard = there.awaitBytes();
        assertEquals(each, heard.payload());
        assertEquals(from, heard.flow().orElseThrow().remote());
        if (!nio && !at.isIpv6()) {
          assertEquals(at, heard.flow().orElseThrow().local());
        }
      }
      assertEquals("aside", other.awaitBytes().payload().utf8());
      assertEquals(0, here.driver.statistics().sendsDropped());
    }
  }
}
