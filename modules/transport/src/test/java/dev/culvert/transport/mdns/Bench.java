package dev.culvert.transport.mdns;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What stands on a link's socket, without a socket and in virtual time. */
final class Bench implements AutoCloseable {
  static final InetSocketAddress GROUP = at("224.0.0.251", LinkSocket.PORT);
  static final InetSocketAddress NEIGHBOUR = at("192.168.1.3", LinkSocket.PORT);

  private static final long STEP_MILLIS = 250;

  /** A message and to whom it goes. */
  record Said(InetSocketAddress to, Bytes message) {}

  final Counts counts = new Counts();
  final ServiceResponder services = new ServiceResponder(GROUP, counts);
  final Responder responder = new Responder(GROUP, counts);
  final Listeners listeners = new Listeners();
  final EmbeddedChannel channel = new EmbeddedChannel();

  Bench() {
    channel.freezeTime();
    LinkAddresses link =
        new LinkAddresses(2, List.of(new LinkAddresses.Prefix(ip("192.168.1.2"), 24)));
    LinkSocket.fill(channel.pipeline(), link, counts, services, responder, listeners);
  }

  void hear(InetSocketAddress from, Message message) {
    hear(from, message.bytes());
  }

  void hear(InetSocketAddress from, Bytes message) {
    channel.writeInbound(
        new DatagramPacket(Unpooled.wrappedBuffer(message.toByteArray()), GROUP, from));
  }

  /** Time passes in small steps, so that what is due happens about when it is due. */
  void pass(long millis) {
    for (long left = millis; left > 0; left -= STEP_MILLIS) {
      channel.advanceTimeBy(Math.min(left, STEP_MILLIS), TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  List<Said> said() {
    List<Said> all = new ArrayList<>();
    for (DatagramPacket packet = channel.readOutbound();
        packet != null;
        packet = channel.readOutbound()) {
      all.add(new Said(packet.recipient(), Bytes.wrap(ByteBufUtil.getBytes(packet.content()))));
      packet.release();
    }
    return all;
  }

  static Said toAll(Message message) {
    return new Said(GROUP, message.bytes());
  }

  static Said to(InetSocketAddress one, Message message) {
    return new Said(one, message.bytes());
  }

  static InetSocketAddress at(String literal, int port) {
    return new InetSocketAddress(ip(literal), port);
  }

  static InetAddress ip(String literal) {
    return IpLiterals.parse(literal).orElseThrow();
  }

  static Bytes data(String literal) {
    return Bytes.wrap(ip(literal).getAddress());
  }

  static Answer found(String... literals) {
    List<InetAddress> ips = new ArrayList<>();
    for (String literal : literals) {
      ips.add(ip(literal));
    }
    return new Answer.Addresses(ips);
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
  }
}
