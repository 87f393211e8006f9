package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does for the streams that others open what they are for. Safe for several threads. */
public final class Reception {
  /** How many streams at once, of all callers; further ones are cut off. */
  static final int MOST = 256;

  /** How long somebody who has opened a stream may take to say what it is for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int CONNECT_MILLIS = 10_000;
  private static final int CHUNK = 32 * 1024;

  private final Services services;
  private final Listener listener;
  private final Duration patience;
  private final Semaphore free = new Semaphore(MOST);
  private final AtomicBoolean piped = new AtomicBoolean();
  private final CompletableFuture<String> pipeEnd = new CompletableFuture<>();

  /** Is told what came of streams, on threads of theirs. */
  public interface Listener {
    /** What a stream is for, and that it may be. */
    void began(String from, Purpose purpose);

    /** A file is here. */
    void received(String from, Path file, long size);

    /** The pipe has ended, well or not. */
    void pipeEnded(Traffic traffic, String fault);

    /** A stream came to nothing, in one line. */
    void failed(String from, String fault);
  }

  /** Somebody who serves. */
  public Reception(Services services, Listener listener) {
    this(services, listener, PATIENCE);
  }

  Reception(Services services, Listener listener, Duration patience) {
    this.services = services;
    this.listener = listener;
    this.patience = patience;
  }

  /**
   * Takes a stream, on a thread of its own.
   *
   * @param from who opened it
   * @param datagrams those of the connection that it is of
   */
  public void take(String from, TwoWay stream, FlowDatagrams datagrams) {
    if (!free.tryAcquire()) {
      stream.close();
      listener.failed(from, "there are more than " + MOST + " streams; one was cut off");
      return;
    }
    Threads.start(
        "culvert-stream",
        () -> {
          try (stream) {
            serve(from, stream, datagrams);
          } catch (IOException e) {
            listener.failed(from, Words.clean(String.valueOf(e.getMessage())));
          } finally {
            free.release();
          }
        });
  }

  private void serve(String from, TwoWay stream, FlowDatagrams datagrams) throws IOException {
    Purpose purpose;
    try {
      purpose = purpose(stream);
    } catch (StreamFault e) {
      refuse(stream, String.valueOf(e.getMessage()));
      throw e;
    }
    if (purpose instanceof Purpose.Pipe) {
      pipe(from, stream);
    } else if (purpose instanceof Purpose.Done) {
      done(stream);
    } else if (purpose instanceof Purpose.Forward forward) {
      forward(from, forward, stream, datagrams);
    } else if (purpose instanceof Purpose.File file) {
      file(from, file, stream);
    } else if (purpose instanceof Purpose.Source source) {
      listener.began(from, purpose);
      flow(source, stream);
    } else {
      listener.began(from, purpose);
      sink(stream);
    }
  }

  /** Streams that nobody says anything on would be missed by all callers. */
  private Purpose purpose(TwoWay stream) throws IOException {
    CompletableFuture<Boolean> said = new CompletableFuture<>();
    CompletableFuture<Void> unused =
        said.completeOnTimeout(false, patience.toNanos(), TimeUnit.NANOSECONDS)
            .thenAccept(
                inTime -> {
                  if (!inTime) {
                    stream.close();
                  }
                });
    try {
      Purpose purpose = Purpose.read(stream.input());
      if (said.complete(true)) {
        return purpose;
      }
    } catch (IOException e) {
      if (said.complete(true)) {
        throw e;
      }
    }
    throw new IOException(
        "a stream was cut off that was for nothing after " + patience.toSeconds() + " s");
  }

  private void refuse(TwoWay stream, String reason) throws IOException {
    Purpose.refuse(stream.output(), reason);
    stream.output().close();
  }

  private void pipe(String from, TwoWay stream) throws IOException {
    if (services.pipe().isEmpty()) {
      refuse(stream, "there is no pipe here");
    } else if (!piped.compareAndSet(false, true)) {
      refuse(stream, "somebody else has the pipe");
    } else {
      listener.began(from, new Purpose.Pipe());
      Purpose.agree(stream.output(), Message.empty());
      try {
        Traffic traffic = Copy.both(services.pipe().get(), stream);
        pipeEnd.complete("");
        listener.pipeEnded(traffic, "");
      } catch (IOException e) {
        String fault = Words.clean(String.valueOf(e.getMessage()));
        pipeEnd.complete(fault);
        listener.pipeEnded(new Traffic(0, 0), fault);
      }
    }
  }

  /** Whoever had the pipe leaves only once all of it has come out here. */
  private void done(TwoWay stream) throws IOException {
    if (!piped.get()) {
      refuse(stream, "there was no pipe");
      return;
    }
    String fault = pipeEnd.join();
    if (fault.isEmpty()) {
      Purpose.agree(stream.output(), Message.empty());
      stream.output().close();
    } else {
      refuse(stream, fault);
    }
  }

  private void forward(String from, Purpose.Forward forward, TwoWay stream, FlowDatagrams datagrams)
      throws IOException {
    Target target = forward.target();
    if (!services.forwards().contains(target)) {
      refuse(stream, target + " may not be reached through this host");
      listener.failed(from, "asked for " + target + ", which is not allowed");
    } else if (target.udp()) {
      datagrams(from, forward, stream, datagrams);
    } else {
      connection(from, forward, stream);
    }
  }

  private void connection(String from, Purpose.Forward forward, TwoWay stream) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(forward.target().address(), CONNECT_MILLIS);
    } catch (IOException e) {
      socket.close();
      refuse(stream, forward.target() + ": " + e.getMessage());
      return;
    }
    listener.began(from, forward);
    try (TwoWay far = new SocketWay(socket)) {
      Purpose.agree(stream.output(), Message.empty());
      Copy.both(far, stream);
    }
  }

  private void datagrams(
      String from, Purpose.Forward forward, TwoWay stream, FlowDatagrams datagrams)
      throws IOException {
    InetSocketAddress target;
    try {
      target = forward.target().address();
    } catch (IOException e) {
      refuse(stream, forward.target() + ": " + e.getMessage());
      return;
    }
    // Not connected: Java sends no empty datagrams then.
    try (DatagramSocket socket = new DatagramSocket()) {
      listener.began(from, forward);
      UdpFlow flow =
          new UdpFlow(
              datagram -> socket.send(new DatagramPacket(datagram, datagram.length, target)));
      Threads.start("culvert-datagrams", () -> receive(socket, target, flow));
      if (forward.flow().isEmpty()) {
        Purpose.agree(stream.output(), Message.empty());
        flow.run(stream, Optional.empty());
      } else {
        beside(stream, flow, datagrams, forward.flow().get());
      }
    }
  }

  private void beside(TwoWay stream, UdpFlow flow, FlowDatagrams datagrams, int number)
      throws IOException {
    FlowDatagrams.Flow its;
    try {
      its = datagrams.open(number, flow::arrived);
    } catch (StreamFault e) {
      refuse(stream, String.valueOf(e.getMessage()));
      throw e;
    }
    try (its) {
      Purpose.agree(stream.output(), Message.empty().with(Purpose.BESIDE, true));
      flow.run(stream, Optional.of(its));
    }
  }

  private static void receive(DatagramSocket socket, InetSocketAddress target, UdpFlow flow) {
    byte[] room = new byte[DatagramFrames.LONGEST];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(room, room.length);
      try {
        socket.receive(packet);
      } catch (IOException e) {
        // It is closed, or soon will be.
        continue;
      }
      if (packet.getSocketAddress().equals(target)) {
        byte[] copy = new byte[packet.getLength()];
        System.arraycopy(room, 0, copy, 0, copy.length);
        // A datagram that finds no room is lost, as on any network.
        boolean unused = flow.offer(copy);
      }
    }
  }

  private void file(String from, Purpose.File file, TwoWay stream) throws IOException {
    if (services.inbox().isEmpty()) {
      refuse(stream, "no files are taken here");
      return;
    }
    listener.began(from, file);
    Path kept = services.inbox().get().take(file, stream);
    listener.received(from, kept, file.size());
  }

  private static void flow(Purpose.Source source, TwoWay stream) throws IOException {
    Purpose.agree(stream.output(), Message.empty());
    byte[] chunk = new byte[CHUNK];
    Duration time = source.time();
    long end = System.nanoTime() + time.toNanos();
    do {
      stream.output().write(chunk);
    } while (System.nanoTime() - end < 0);
    stream.output().close();
  }

  private static void sink(TwoWay stream) throws IOException {
    Purpose.agree(stream.output(), Message.empty());
    byte[] chunk = new byte[CHUNK];
    long bytes = 0;
    for (int got = stream.input().read(chunk); got >= 0; got = stream.input().read(chunk)) {
      bytes += got;
    }
    Purpose.agree(stream.output(), Message.empty().with("bytes", bytes));
    stream.output().close();
  }
}
