package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP port on every local address of one family, with a socket for each so that a response leaves
 * from the address that was asked. Interfaces are looked at again every few seconds. Where the
 * platform tells which address a datagram was sent to (IPv4 on Linux), a socket on the wildcard
 * address catches what no interface lists, such as 127.0.0.2 or a routed local prefix.
 *
 * <p>Its methods run on the thread of the executor it was given, its catcher on an event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class WildcardUdp {
  private static final Logger LOGGER = LoggerFactory.getLogger(WildcardUdp.class);
  private static final int RESCAN_SECONDS = 5;

  /** Addresses beyond the interfaces' that get sockets; a routed prefix may hold any number. */
  private static final int MAX_UNLISTED = 256;

  private final Binder binder;
  private final List<LoopState> loops;
  private final ScheduledExecutorService executor;
  private final TransportAddress wildcard;
  private final Map<InetAddress, UdpSite> sites = new HashMap<>();
  private final Set<InetAddress> listed = new HashSet<>();
  private final Set<InetAddress> awaited = ConcurrentHashMap.newKeySet();
  private final List<Channel> catchers = new ArrayList<>();
  private volatile Set<InetAddress> broadcasts = Set.of();
  private Optional<ListenException> taken = Optional.empty();
  private boolean closed;

  /**
   * Nothing is open yet.
   *
   * @param wildcard with the real port, which nobody else has
   */
  WildcardUdp(
      Binder binder,
      List<LoopState> loops,
      ScheduledExecutorService executor,
      TransportAddress wildcard) {
    this.binder = binder;
    this.loops = loops;
    this.executor = executor;
    this.wildcard = wildcard;
  }

  void open() throws ListenException {
    rescan();
    if (taken.isPresent()) {
      throw taken.get();
    }
    if (binder.platform.tellsOriginalDestination() && wildcard.isIpv4()) {
      Bootstrap bootstrap = binder.datagrams(loops.get(0).eventLoop, wildcard, new Catcher());
      binder.platform.tellOriginalDestination(bootstrap);
      catchers.add(Binder.await(bootstrap.bind(), Transport.UDP, wildcard));
    } else if (sites.isEmpty()) {
      // Nothing could be opened: let the wildcard address itself say why.
      binder.probe(loops.get(0).eventLoop, Transport.UDP, wildcard);
    }
    executor.scheduleWithFixedDelay(this::rescan, RESCAN_SECONDS, RESCAN_SECONDS, TimeUnit.SECONDS);
  }

  private void rescan() {
    if (closed) {
      return;
    }
    Set<InetAddress> present = new HashSet<>();
    Set<InetAddress> groups = new HashSet<>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
          if (new TransportAddress(address.getAddress(), 0).isIpv4() == wildcard.isIpv4()) {
            present.add(address.getAddress());
          }
          if (address.getBroadcast() != null) {
            groups.add(address.getBroadcast());
          }
        }
      }
    } catch (SocketException e) {
      LOGGER.warn("cannot list the local addresses: {}", e.getMessage());
      return;
    }
    broadcasts = Set.copyOf(groups);
    for (InetAddress gone : new HashSet<>(listed)) {
      if (!present.contains(gone)) {
        listed.remove(gone);
        UdpSite site = sites.remove(gone);
        if (site != null) {
          site.close();
        }
      }
    }
    for (InetAddress address : present) {
      if (openSite(address)) {
        listed.add(address);
      }
    }
  }

  private boolean openSite(InetAddress address) {
    if (sites.containsKey(address)) {
      return true;
    }
    TransportAddress local = new TransportAddress(address, wildcard.port());
    try {
      sites.put(address, UdpSite.open(binder, Corners.single(local), loops));
      return true;
    } catch (ListenException e) {
      // An address may be tentative or going; the next look at the interfaces tries again.
      LOGGER.debug("{}", e.getMessage());
      if (e.reason() == ListenException.Reason.IN_USE) {
        taken = Optional.of(e);
      }
      return false;
    }
  }

  boolean isOpen() {
    return sites.values().stream().allMatch(UdpSite::isOpen)
        && catchers.stream().allMatch(Channel::isOpen);
  }

  List<Future<?>> close() {
    closed = true;
    List<Future<?>> closing = new ArrayList<>();
    sites.values().forEach(site -> closing.addAll(site.close()));
    catchers.forEach(catcher -> closing.add(catcher.close()));
    return closing;
  }

  /** Opens a socket on the address that was asked and hands it the datagram. */
  private final class Catcher extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      InetAddress asked = packet.recipient().getAddress();
      boolean unicast =
          !asked.isAnyLocalAddress() && !asked.isMulticastAddress() && !isBroadcast(asked);
      if (!unicast || awaited.size() >= MAX_UNLISTED || !awaited.add(asked)) {
        loops.get(0).counts.add(ServerCount.DROPPED_ADDRESS);
        packet.release();
        return;
      }
      executor.execute(() -> handOver(asked, packet));
    }

    private boolean isBroadcast(InetAddress address) {
      byte[] bytes = address.getAddress();
      return broadcasts.contains(address) || (bytes[0] & bytes[1] & bytes[2] & bytes[3]) == -1;
    }

    private void handOver(InetAddress asked, DatagramPacket packet) {
      awaited.remove(asked);
      boolean room = sites.size() - listed.size() < MAX_UNLISTED;
      UdpSite site = !closed && room && openSite(asked) ? sites.get(asked) : null;
      if (site == null) {
        packet.release();
        return;
      }
      Channel channel = site.channel();
      channel
          .eventLoop()
          .execute(() -> channel.pipeline().fireChannelRead(packet).fireChannelReadComplete());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      loops.get(0).counts.add(ServerCount.DROPPED_UNSENT);
    }
  }
}
