package dev.culvert.cli.connect.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pipes, forwarded connections and datagrams, each through a reception on the loopback. */
class ForwardTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int PATIENCE_MILLIS = Loopback.PATIENCE_SECONDS * 1000;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T kept(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private Loopback allowing(Target... targets) throws IOException {
    return kept(
        Loopback.serving(new Services(Optional.empty(), Set.of(targets), Optional.empty())));
  }

  private static Target target(boolean udp, int port) {
    return new Target(udp, "127.0.0.1", port);
  }

  private TcpForward tcp(Loopback loopback, Target target) throws IOException {
    return kept(TcpForward.start(Loopback.any(), target, loopback::open, complaints::add));
  }

  private UdpForward udp(Loopback loopback, Target target) throws IOException {
    return UdpForward.start(Loopback.any(), target, loopback::open, loopback.here, complaints::add);
  }

  private Socket client(TcpForward forward) throws IOException {
    Socket socket = kept(new Socket(HERE, forward.local().getPort()));
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static String next(BlockingQueue<String> queue) throws InterruptedException {
    return String.valueOf(queue.poll(Loopback.PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void aConnectionIsCarriedWithItsEndsApart() throws Exception {
    ServerSocket server = kept(new ServerSocket(0, 5, HERE));
    byte[] data = new byte[1 << 20];
    new Random(1).nextBytes(data);
    CompletableFuture<byte[]> heard =
        CompletableFuture.supplyAsync(
            () -> {
              try (Socket socket = server.accept()) {
                byte[] all = socket.getInputStream().readAllBytes();
                socket.getOutputStream().write(all);
                return all;
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    Target target = target(false, server.getLocalPort());
    Socket client = client(tcp(allowing(target), target));
    client.getOutputStream().write(data);
    client.shutdownOutput();
    // Whoever answers does so only once all has come, so this direction must end by itself.
    assertArrayEquals(data, client.getInputStream().readAllBytes());
    assertArrayEquals(data, heard.join());
    assertTrue(complaints.isEmpty(), complaints::toString);
  }

  @Test
  void whatIsCutOffOverThereIsCutOffHere() throws Exception {
    ServerSocket server = kept(new ServerSocket(0, 5, HERE));
    Target target = target(false, server.getLocalPort());
    Socket client = client(tcp(allowing(target), target));
    client.getOutputStream().write(1);
    Socket there = server.accept();
    assertEquals(1, there.getInputStream().read());
    there.setSoLinger(true, 0);
    there.close();
    assertThrows(SocketException.class, () -> client.getInputStream().read());
  }

  @Test
  void onlyWhatIsAllowedIsReached() throws Exception {
    ServerSocket server = kept(new ServerSocket(0, 5, HERE));
    Target target = target(false, server.getLocalPort());
    Loopback loopback =
        allowing(target(true, server.getLocalPort()), new Target(false, "localhost", 1));
    Socket client = client(tcp(loopback, target));
    assertThrows(SocketException.class, () -> client.getInputStream().read());
    assertTrue(next(complaints).contains("may not be reached through this host"));
    assertTrue(next(loopback.faults).contains("is not allowed"));
  }

  @Test
  void aPortWhereNobodyListensIsTold() throws Exception {
    // Nobody listens at a port that is bound alone, and nobody else gets it.
    Socket bound = kept(new Socket());
    bound.bind(Loopback.any());
    Target target = target(false, bound.getLocalPort());
    Socket client = client(tcp(allowing(target), target));
    assertThrows(SocketException.class, () -> client.getInputStream().read());
    assertTrue(next(complaints).contains("refused"));
  }

  @Test
  void datagramsComeBackToWhoSentThem() throws Exception {
    DatagramSocket server = kept(new DatagramSocket(Loopback.any()));
    Threads.start("echo", () -> echo(server));
    Target target = target(true, server.getLocalPort());
    Loopback loopback = allowing(target);
    UdpForward forward = kept(udp(loopback, target));
    byte[] large = new byte[60_000];
    new Random(2).nextBytes(large);
    for (int i = 0; i < 3; i++) {
      DatagramSocket client = kept(new DatagramSocket(Loopback.any()));
      client.setSoTimeout(PATIENCE_MILLIS);
      for (byte[] each : List.of(("I am " + i).getBytes(UTF_8), new byte[0], large)) {
        client.send(new DatagramPacket(each, each.length, forward.local()));
        DatagramPacket back = new DatagramPacket(new byte[65_535], 65_535);
        client.receive(back);
        assertArrayEquals(
            each, java.util.Arrays.copyOf(back.getData(), back.getLength()), "to client " + i);
      }
    }
    assertEquals(3, forward.clients());
    assertEquals(0, forward.dropped());
    assertEquals(3 * 2 * 2, loopback.carried.get(), "the short ones, there and back");
  }

  /** A stream that is held up by what was lost holds up no datagram that is short enough. */
  @Test
  void shortDatagramsOvertakeAStreamThatStandsStill() throws Exception {
    DatagramSocket server = kept(new DatagramSocket(Loopback.any()));
    Threads.start("echo", () -> echo(server));
    Target target = target(true, server.getLocalPort());
    Loopback loopback = allowing(target);
    CompletableFuture<Void> flows = new CompletableFuture<>();
    StreamSource stuck = () -> new Stuck(loopback.open(), flows);
    UdpForward forward =
        kept(UdpForward.start(Loopback.any(), target, stuck, loopback.here, complaints::add));
    DatagramSocket client = kept(new DatagramSocket(Loopback.any()));
    client.setSoTimeout(PATIENCE_MILLIS);
    byte[] large = new byte[Loopback.LONGEST];
    byte[] small = {1, 2, 3};
    client.send(new DatagramPacket(large, large.length, forward.local()));
    client.send(new DatagramPacket(small, small.length, forward.local()));
    DatagramPacket back = new DatagramPacket(new byte[65_535], 65_535);
    client.receive(back);
    assertEquals(small.length, back.getLength());
    flows.complete(null);
    client.receive(back);
    assertEquals(large.length, back.getLength());
  }

  /** What comes from the other side stands still until something is done. */
  private static final class Stuck extends FilterInputStream implements TwoWay {
    private final TwoWay way;
    private final CompletableFuture<Void> flows;
    private boolean answered;

    Stuck(TwoWay way, CompletableFuture<Void> flows) {
      super(way.input());
      this.way = way;
      this.flows = flows;
    }

    @Override
    public int read() throws IOException {
      if (answered) {
        flows.join();
      }
      return super.read();
    }

    @Override
    public int read(byte[] room, int from, int length) throws IOException {
      answered = true;
      return super.read(room, from, length);
    }

    @Override
    public InputStream input() {
      return this;
    }

    @Override
    public OutputStream output() {
      return way.output();
    }

    @Override
    public void close() {
      way.close();
    }
  }

  @Test
  void whoSpeaksOfNoDatagramsGetsAllOverTheStream() throws Exception {
    DatagramSocket server = kept(new DatagramSocket(Loopback.any()));
    Threads.start("echo", () -> echo(server));
    Target target = target(true, server.getLocalPort());
    Loopback loopback = allowing(target);
    try (TwoWay stream = loopback.open()) {
      new Purpose.Forward(target).ask(stream);
      DatagramFrames.write(stream.output(), new byte[] {7}, 1);
      assertArrayEquals(new byte[] {7}, DatagramFrames.read(stream.input()).orElseThrow());
    }
    assertEquals(0, loopback.carried.get());
  }

  @Test
  void datagramsOfNoFlowAreDropped() throws Exception {
    FlowDatagrams datagrams = new FlowDatagrams(its -> true, () -> Loopback.LONGEST);
    BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
    try (FlowDatagrams.Flow flow = datagrams.open(1, came::add)) {
      assertThrows(StreamFault.class, () -> datagrams.open(1, came::add));
      for (String each : List.of("", "03", "03000000", "0300000002ff", "0100000001ff", "ff")) {
        datagrams.take(Bytes.hex(each));
      }
      assertEquals(3, datagrams.strays());
      assertTrue(came.isEmpty());
      datagrams.take(Bytes.hex("0300000001"));
      assertArrayEquals(new byte[0], came.remove());
      assertEquals(1, flow.number());
    }
    datagrams.take(Bytes.hex("0300000001"));
    assertEquals(4, datagrams.strays());
  }

  private static void echo(DatagramSocket socket) {
    byte[] room = new byte[65_535];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(room, room.length);
        socket.receive(packet);
        socket.send(packet);
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  @Test
  void datagramsToWhatIsNotAllowedGoNowhere() throws Exception {
    DatagramSocket server = kept(new DatagramSocket(Loopback.any()));
    Target target = target(true, server.getLocalPort());
    Loopback loopback = allowing(target(false, server.getLocalPort()));
    UdpForward forward = kept(udp(loopback, target));
    DatagramSocket client = kept(new DatagramSocket(Loopback.any()));
    client.send(new DatagramPacket(new byte[3], 3, forward.local()));
    assertTrue(next(complaints).contains("may not be reached through this host"));
  }

  @Test
  void aStreamThatSaysNothingIsCutOff() throws Exception {
    Services none = new Services(Optional.empty(), Set.of(), Optional.empty());
    Loopback loopback = kept(new Loopback(none, Duration.ofMillis(1)));
    try (TwoWay stream = loopback.open()) {
      assertTrue(next(loopback.faults).contains("a stream was cut off that was for nothing"));
      assertThrows(SocketException.class, () -> stream.input().read());
    }
  }

  @Test
  void datagramsThatComeToNothingAreComplainedOfMoreAndMoreSeldom() throws Exception {
    DatagramSocket server = kept(new DatagramSocket(Loopback.any()));
    Target target = target(true, server.getLocalPort());
    StreamSource nobody =
        () -> {
          throw new IOException("nobody is there");
        };
    UdpForward forward =
        kept(
            UdpForward.start(
                Loopback.any(),
                target,
                nobody,
                new FlowDatagrams(its -> false, () -> 0),
                complaints::add));
    DatagramSocket client = kept(new DatagramSocket(Loopback.any()));
    for (int i = 1; i <= 12; i++) {
      client.send(new DatagramPacket(new byte[3], 3, forward.local()));
      while (forward.failed() < i || forward.clients() > 0) {
        Thread.onSpinWait();
      }
    }
    forward.close();
    assertEquals(
        List.of(target + ": nobody is there", target + ": nobody is there, 10 times so far"),
        List.copyOf(complaints));
  }

  @Test
  void aSilentClientIsForgotten() throws Exception {
    BlockingQueue<byte[]> back = new LinkedBlockingQueue<>();
    Loopback loopback =
        kept(
            new Loopback(
                stream -> {
                  try (stream) {
                    DatagramFrames.write(stream.output(), new byte[] {7}, 1);
                    stream.input().readAllBytes();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }));
    UdpFlow flow = new UdpFlow(back::add, Duration.ofMillis(50));
    // Returns, since nothing comes any more.
    flow.run(loopback.open(), Optional.empty());
    assertFalse(flow.offer(new byte[1]));
    assertArrayEquals(new byte[] {7}, back.poll(Loopback.PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void framesOfDatagramsAreBounded() {
    assertThrows(
        StreamFault.class,
        () -> DatagramFrames.read(new ByteArrayInputStream(new byte[] {(byte) 0xff, (byte) 0xff})));
    assertThrows(
        IOException.class,
        () -> DatagramFrames.read(new ByteArrayInputStream(new byte[] {0, 9, 1})));
  }

  private static TwoWay ends(String text, ByteArrayOutputStream out) {
    return new EndsWay(new ByteArrayInputStream(text.getBytes(UTF_8)), out);
  }

  private static void pipe(Loopback loopback, TwoWay own) throws IOException {
    try (TwoWay stream = loopback.open()) {
      new Purpose.Pipe().ask(stream);
      Copy.both(own, stream);
    }
    try (TwoWay stream = loopback.open()) {
      new Purpose.Done().ask(stream);
    }
  }

  @Test
  void aPipeIsForTheFirstAndDoneOnceAllCameOut() throws Exception {
    ByteArrayOutputStream there = new ByteArrayOutputStream();
    Services services =
        new Services(Optional.of(ends("to the caller", there)), Set.of(), Optional.empty());
    Loopback loopback = kept(Loopback.serving(services));
    ByteArrayOutputStream here = new ByteArrayOutputStream();
    pipe(loopback, ends("to who listens", here));
    assertEquals("to the caller", here.toString(UTF_8));
    assertEquals("to who listens", there.toString(UTF_8));
    assertEquals("13 14 ", next(loopback.pipes));
    StreamFault fault = assertThrows(StreamFault.class, () -> pipe(loopback, ends("", here)));
    assertTrue(String.valueOf(fault.getMessage()).contains("somebody else has the pipe"));
  }

  @Test
  void aPipeThatIsCutOffIsNoGoodEnd() throws Exception {
    ByteArrayOutputStream there = new ByteArrayOutputStream();
    Services services = new Services(Optional.of(ends("x", there)), Set.of(), Optional.empty());
    Loopback loopback = kept(Loopback.serving(services));
    try (TwoWay stream = loopback.open()) {
      new Purpose.Pipe().ask(stream);
      stream.output().write(1);
    }
    assertTrue(next(loopback.pipes).matches("0 0 .+"), "it has a fault");
    try (TwoWay stream = loopback.open()) {
      assertThrows(StreamFault.class, () -> new Purpose.Done().ask(stream));
    }
  }

  @Test
  void whereThereIsNothingToHaveItIsRefused() throws Exception {
    Loopback loopback = allowing();
    for (Purpose each :
        List.of(new Purpose.Pipe(), new Purpose.Done(), new Purpose.File("a", 0, "0".repeat(64)))) {
      try (TwoWay stream = loopback.open()) {
        assertTrue(assertThrows(StreamFault.class, () -> each.ask(stream)).isRefusal());
      }
    }
  }

  @Test
  void throughputIsCountedByWhoReceives() throws Exception {
    Loopback loopback = allowing();
    Duration time = Duration.ofMillis(50);
    Measure.Flow up = Measure.toward(loopback::open, time);
    Measure.Flow down = Measure.from(loopback::open, time);
    // The other direction's clock runs over there, and may have begun before the one here.
    assertTrue(up.time().compareTo(time) >= 0, up.toString());
    for (Measure.Flow each : List.of(up, down)) {
      assertTrue(each.bytes() > 0 && each.bytes() % 1024 == 0, each.toString());
      assertEquals(each.bytes() * 8e3 / each.time().toNanos(), each.megabits(), 1e-6);
    }
  }
}
