package dev.culvert.bench;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.peer.SessionConnection;
import dev.culvert.peer.SessionEngine;
import dev.culvert.sansio.Bytes;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.NetworkRuntime;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a datagram costs its sender and its receiver, each on an event loop of its own: over two
 * bare UDP channels, or over the path of a connection. Started by {@code tools/bench/path-speed}
 * with the contender's name; each line of its standard input, a size and a number of seconds, is
 * answered by a line of JSON.
 */
public final class PathSpeed {
  private static final int WINDOW = 64;
  private static final int BATCH = 16;
  private static final int ACKNOWLEDGEMENT = 8;
  private static final long RESCUE_MILLIS = 50;

  private PathSpeed() {}

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Pair pair =
        switch (arguments[0]) {
          case "bare" -> bare();
          case "channel" -> connected(true);
          case "listener" -> connected(false);
          default -> throw new IllegalArgumentException(arguments[0] + " is no contender");
        };
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      System.out.println(pair.run(Integer.parseInt(words[0]), Double.parseDouble(words[1])));
    }
    System.exit(0);
  }

  /** One end: how it writes, and what it does with what comes. */
  private abstract static class End {
    abstract EventLoop loop();

    abstract void write(int size);

    abstract void flush();

    volatile Runnable heard = () -> {};

    long cpuNanos() {
      CompletableFuture<Long> id = new CompletableFuture<>();
      loop().execute(() -> id.complete(Thread.currentThread().getId()));
      return ManagementFactory.getThreadMXBean().getThreadCpuTime(id.join());
    }

    static ByteBuf filled(ByteBufAllocator allocator, int size) {
      // The first byte of a short header of QUIC.
      return allocator.directBuffer(size).writeByte(0x40).writeZero(size - 1);
    }
  }

  private static final class ChannelEnd extends End {
    private final Channel channel;
    private final Optional<InetSocketAddress> peer;

    /** Without a peer a message is its bytes. */
    ChannelEnd(Channel channel, Optional<InetSocketAddress> peer) {
      this.channel = channel;
      this.peer = peer;
    }

    @Override
    EventLoop loop() {
      return channel.eventLoop();
    }

    @Override
    void write(int size) {
      ByteBuf data = filled(channel.alloc(), size);
      Object message = peer.isPresent() ? new DatagramPacket(data, peer.get()) : data;
      ChannelFuture unused = channel.write(message, channel.voidPromise());
    }

    @Override
    void flush() {
      channel.flush();
    }
  }

  private static final class ListenerEnd extends End {
    private final EventLoop loop;
    private final SessionConnection connection;

    ListenerEnd(EventLoop loop, SessionConnection connection) {
      this.loop = loop;
      this.connection = connection;
    }

    @Override
    EventLoop loop() {
      return loop;
    }

    @Override
    void write(int size) {
      byte[] data = new byte[size];
      data[0] = 0x40;
      connection.send(Bytes.wrap(data));
    }

    @Override
    void flush() {}
  }

  private static final class Ear extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private @Nullable End known;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      End its = known;
      if (its == null) {
        its = end.join();
        known = its;
      }
      its.heard.run();
    }
  }

  /** Both ends; the first one sends, and goes on as the second one acknowledges. */
  private static final class Pair {
    private final End sender;
    private final End receiver;
    private int size;
    private boolean running;
    private int credit;
    private long sent;
    private long acknowledged;
    private long rescues;
    private long received;

    Pair(End sender, End receiver) {
      this.sender = sender;
      this.receiver = receiver;
      sender.heard = this::acknowledged;
      receiver.heard = this::received;
    }

    private void received() {
      if (++received % BATCH == 0) {
        receiver.write(ACKNOWLEDGEMENT);
        receiver.flush();
      }
    }

    private void acknowledged() {
      acknowledged++;
      credit = Math.min(credit + BATCH, WINDOW);
      pump();
    }

    private void pump() {
      while (running && credit >= BATCH) {
        for (int i = 0; i < BATCH; i++) {
          sender.write(size);
        }
        sender.flush();
        credit -= BATCH;
        sent += BATCH;
      }
    }

    /** A datagram that was lost must not end it all. */
    private void rescue(long before) {
      if (running) {
        if (acknowledged == before) {
          rescues++;
          credit = WINDOW;
          pump();
        }
        long now = acknowledged;
        Future<?> unused =
            sender.loop().schedule(() -> rescue(now), RESCUE_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    String run(int newSize, double seconds) throws Exception {
      long senderBefore = sender.cpuNanos();
      long receiverBefore = receiver.cpuNanos();
      long receivedBefore = on(receiver, () -> received);
      long begin = System.nanoTime();
      on(
          sender,
          () -> {
            size = newSize;
            sent = 0;
            rescues = 0;
            running = true;
            credit = WINDOW;
            rescue(-1);
            return 0L;
          });
      Thread.sleep((long) (seconds * 1000));
      on(
          sender,
          () -> {
            running = false;
            return 0L;
          });
      long count = 0;
      for (int i = 0; i < 100 && count < sent; i++) {
        Thread.sleep(10);
        count = on(receiver, () -> received) - receivedBefore;
      }
      return String.format(
          Locale.ROOT,
          "{\"size\":%d,\"seconds\":%.3f,\"sent\":%d,\"received\":%d,\"rescues\":%d,"
              + "\"senderMicros\":%.4f,\"receiverMicros\":%.4f}",
          newSize,
          (System.nanoTime() - begin) / 1e9,
          sent,
          count,
          rescues,
          (sender.cpuNanos() - senderBefore) / 1e3 / sent,
          (receiver.cpuNanos() - receiverBefore) / 1e3 / count);
    }

    private static long on(End end, Supplier<Long> action) throws Exception {
      return CompletableFuture.supplyAsync(action, end.loop()).get();
    }
  }

  private static Pair bare() throws Exception {
    Ear first = new Ear();
    Ear second = new Ear();
    Channel one = bind(first);
    Channel two = bind(second);
    End sender = new ChannelEnd(one, Optional.of((InetSocketAddress) two.localAddress()));
    End receiver = new ChannelEnd(two, Optional.of((InetSocketAddress) one.localAddress()));
    first.end.complete(sender);
    second.end.complete(receiver);
    return new Pair(sender, receiver);
  }

  private static Channel bind(Ear ear) throws Exception {
    return new Bootstrap()
        .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
        .channel(EpollDatagramChannel.class)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(2048).maxMessagesPerRead(16))
        .handler(ear)
        .bind(InetAddress.getLoopbackAddress(), 0)
        .sync()
        .channel();
  }

  private static Pair connected(boolean asChannel) throws Exception {
    Ear first = new Ear();
    Ear second = new Ear();
    CompletableFuture<Void> here = new CompletableFuture<>();
    CompletableFuture<Void> there = new CompletableFuture<>();
    SessionConfig config =
        SessionConfig.of(List.of(new LocalAddress("lo", InetAddress.getLoopbackAddress())));
    SessionEngine offering = SessionEngine.start(NetworkRuntime.create(), config);
    SessionEngine answering = SessionEngine.start(NetworkRuntime.create(), config);
    SessionConnection one =
        offering.open(IceConfig.standard(IceRole.CONTROLLING), listener(here, first));
    SessionConnection two =
        answering.open(IceConfig.standard(IceRole.CONTROLLED), listener(there, second));
    two.remote(one.complete().join());
    one.remote(two.complete().join());
    one.peerBegan();
    CompletableFuture.allOf(here, there).get(20, TimeUnit.SECONDS);
    End sender = end(one, asChannel, first);
    End receiver = end(two, asChannel, second);
    first.end.complete(sender);
    second.end.complete(receiver);
    return new Pair(sender, receiver);
  }

  private static Consumer<ConnectionEvent> listener(CompletableFuture<Void> path, Ear ear) {
    return event -> {
      if (event instanceof ConnectionEvent.Ice ice) {
        if (ice.event() instanceof IceEvent.PathChanged) {
          path.complete(null);
        } else if (ice.event() instanceof IceEvent.Received) {
          ear.end.join().heard.run();
        }
      }
    };
  }

  private static End end(SessionConnection connection, boolean asChannel, Ear ear) {
    Channel channel = connection.channel(ear);
    if (asChannel) {
      return new ChannelEnd(channel, Optional.empty());
    }
    EventLoop loop = channel.eventLoop();
    channel.close().awaitUninterruptibly();
    return new ListenerEnd(loop, connection);
  }
}
