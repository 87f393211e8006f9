package dev.culvert.transport.mdns;

import dev.culvert.sansio.IpLiterals;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DnsQuestion;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Multicast DNS over one family on one link: hears all that is said there and says what is ours.
 * Where the port cannot be had, it asks from another one and publishes nothing. Confined to its
 * loop.
 */
final class LinkSocket implements AskingLink {
  static final int PORT = 5353;

  /** RFC 6762 §17: what no message exceeds. */
  private static final int LARGEST_MESSAGE = 9000;

  private static final int TTL = 255;
  private static final ChannelOption<Boolean> SO_REUSEPORT =
      NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);

  private final EventLoop loop;
  private final NetworkInterface card;
  private final SocketProtocolFamily family;
  private final Counts counts;
  private final InetSocketAddress group;
  private ServiceResponder services;
  private Responder responder;
  private Listeners listeners = new Listeners();
  private final List<Consumer<Optional<String>>> waiting = new ArrayList<>();
  private @Nullable Channel channel;
  private Optional<String> fault = Optional.empty();
  private Optional<String> unfit = Optional.empty();
  private boolean settled;
  private boolean closed;

  LinkSocket(EventLoop loop, NetworkInterface card, SocketProtocolFamily family, Counts counts) {
    this.loop = loop;
    this.card = card;
    this.family = family;
    this.counts = counts;
    group = group(family, card);
    services = new ServiceResponder(group, counts);
    responder = new Responder(group, counts);
  }

  static InetSocketAddress group(SocketProtocolFamily family, NetworkInterface card) {
    InetAddress ip =
        IpLiterals.parse(family == SocketProtocolFamily.INET ? "224.0.0.251" : "ff02::fb")
            .orElseThrow();
    try {
      return new InetSocketAddress(
          ip instanceof Inet6Address ? Inet6Address.getByAddress(null, ip.getAddress(), card) : ip,
          PORT);
    } catch (IOException e) {
      return new InetSocketAddress(ip, PORT);
    }
  }

  /** What a channel of this kind does with what it hears. */
  static void fill(
      ChannelPipeline pipeline,
      Predicate<InetAddress> onLink,
      Counts counts,
      ServiceResponder services,
      Responder responder,
      Listeners listeners) {
    pipeline.addLast(new Gate(onLink, counts));
    Codec.into(pipeline);
    pipeline.addLast(services, responder, listeners, new Faults(counts));
  }

  void open() {
    bind(PORT)
        .addListener(
            future -> {
              if (future.isSuccess()) {
                join();
              } else {
                elsewhere(future.cause());
              }
            });
  }

  private ChannelFuture bind(int port) {
    services = new ServiceResponder(group, counts);
    responder = new Responder(group, counts);
    listeners = new Listeners();
    OnLink onLink = new OnLink(LinkAddresses.of(card), family);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> new NioDatagramChannel(family))
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST_MESSAGE))
            .option(ChannelOption.IP_MULTICAST_IF, card)
            .option(ChannelOption.IP_MULTICAST_TTL, TTL)
            .handler(
                new ChannelInitializer<DatagramChannel>() {
                  @Override
                  protected void initChannel(DatagramChannel made) {
                    channel = made;
                    fill(made.pipeline(), onLink, counts, services, responder, listeners);
                  }
                });
    if (port != 0) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
      if (!System.getProperty("os.name", "").startsWith("Windows")) {
        bootstrap.option(SO_REUSEPORT, true);
      }
    }
    String any = family == SocketProtocolFamily.INET ? "0.0.0.0" : "::";
    return bootstrap.bind(new InetSocketAddress(IpLiterals.parse(any).orElseThrow(), port));
  }

  private void join() {
    if (!(channel instanceof DatagramChannel joining)) {
      return;
    }
    joining
        .joinGroup(group, card)
        .addListener(
            future -> {
              if (future.isSuccess()) {
                settle(Optional.empty());
              } else {
                Outcomes.ignored(joining.close());
                elsewhere(future.cause());
              }
            });
  }

  private void elsewhere(Throwable failure) {
    unfit =
        Optional.of(
            "cannot take part in multicast DNS on " + card.getName() + ": " + failure.getMessage());
    bind(0).addListener(future -> settle(future.isSuccess() ? Optional.empty() : unfit));
  }

  private void settle(Optional<String> outcome) {
    fault = outcome;
    settled = true;
    if (closed) {
      close();
      return;
    }
    List<Consumer<Optional<String>>> told = List.copyOf(waiting);
    waiting.clear();
    told.forEach(one -> one.accept(outcome));
  }

  @Override
  public void whenOpen(Consumer<Optional<String>> told) {
    if (settled) {
      told.accept(fault);
    } else {
      waiting.add(told);
    }
  }

  /** Why nothing can be published here, once open. */
  Optional<String> unfitToPublish() {
    return unfit;
  }

  Responder responder() {
    return responder;
  }

  ServiceResponder services() {
    return services;
  }

  @Override
  public Listeners listeners() {
    return listeners;
  }

  @Override
  public int scope() {
    return card.getIndex();
  }

  @Override
  public void ask(String name) {
    if (channel != null && settled && !closed) {
      Outcomes.ignored(channel.writeAndFlush(Queries.addresses(name, group)));
    }
  }

  @Override
  public void ask(List<DnsQuestion> questions) {
    if (channel != null && settled && !closed) {
      Outcomes.ignored(channel.writeAndFlush(Queries.of(questions, group)));
    }
  }

  /** Ends it, after what was sent before; what is not open yet ends as soon as it is. */
  void close() {
    closed = true;
    waiting.clear();
    if (channel != null && settled) {
      Outcomes.ignored(channel.close());
    }
  }

  /** Looks again at the interface's addresses when a sender is none of them. */
  private static final class OnLink implements Predicate<InetAddress> {
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(1);
    private final SocketProtocolFamily family;
    private LinkAddresses addresses;
    private long looked = System.nanoTime();

    OnLink(LinkAddresses addresses, SocketProtocolFamily family) {
      this.addresses = addresses;
      this.family = family;
    }

    @Override
    public boolean test(InetAddress sender) {
      if (sender instanceof Inet4Address != (family == SocketProtocolFamily.INET)) {
        return false;
      }
      if (!addresses.test(sender) && System.nanoTime() - looked >= LOOK_AGAIN) {
        looked = System.nanoTime();
        addresses = addresses.now();
      }
      return addresses.test(sender);
    }
  }
}
