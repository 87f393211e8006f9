package dev.culvert.peer;

import static dev.culvert.peer.Meeting.within;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two peers with a connection, on this host's loopback addresses. */
class PeerConnectionTest {
  private static final int MUCH = 3 << 20;

  private Meeting meeting;
  private PeerNode caller;
  private PeerConnection here;
  private PeerConnection there;

  @BeforeEach
  void connect() throws Exception {
    meeting = new Meeting("127.0.0.1", "127.0.0.2");
    caller = meeting.caller("127.0.0.1", "127.0.0.2");
    Meeting.Ends ends = meeting.connect(caller);
    here = ends.here();
    there = ends.there();
  }

  @AfterEach
  void close() throws Exception {
    meeting.close();
  }

  /** Runs what may block on a thread of its own. */
  private static <T> CompletableFuture<T> aside(Blocking<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(action.run());
              } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private interface Blocking<T> {
    T run() throws Exception;
  }

  private static void echo(PeerConnection connection) {
    connection.onStream(
        stream -> {
          var unused =
              aside(
                  () -> {
                    try (stream) {
                      stream.input().transferTo(stream.output());
                      stream.output().close();
                    }
                    return true;
                  });
        });
  }

  private static byte[] ask(PeerConnection connection, byte[] question) throws Exception {
    try (PeerStream stream = within(connection.open())) {
      stream.output().write(question);
      stream.output().close();
      return within(aside(() -> stream.input().readAllBytes()));
    }
  }

  @Test
  void eachSideKnowsWhoTheOtherIs() {
    assertEquals(meeting.callee.id(), here.peer());
    assertEquals(caller.id(), there.peer());
    assertTrue(here.isCaller());
    assertFalse(there.isCaller());
    assertTrue(here.path().orElseThrow().isDirect());
    assertTrue(here.roundTrip().isPresent());
  }

  @Test
  void streamsEchoBothWays() throws Exception {
    echo(here);
    echo(there);
    assertArrayEquals("to you".getBytes(UTF_8), ask(here, "to you".getBytes(UTF_8)));
    assertArrayEquals("and back".getBytes(UTF_8), ask(there, "and back".getBytes(UTF_8)));
    assertArrayEquals(new byte[0], ask(here, new byte[0]));
  }

  @Test
  void muchGoesBothWaysAtOnce() throws Exception {
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    PeerStream own = within(here.open());
    CompletableFuture<byte[]> sentHere = aside(() -> send(own, 1));
    PeerStream its = TwoPeers.next(opened);
    CompletableFuture<byte[]> sentThere = aside(() -> send(its, 2));
    CompletableFuture<byte[]> cameThere = aside(() -> hash(its.input()));
    CompletableFuture<byte[]> cameHere = aside(() -> hash(own.input()));
    assertArrayEquals(within(sentHere), within(cameThere));
    assertArrayEquals(within(sentThere), within(cameHere));
    assertTrue(here.statistics().sentBytes() > MUCH);
    assertTrue(here.statistics().receivedBytes() > MUCH);
  }

  private static byte[] send(PeerStream stream, long seed) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Random random = new Random(seed);
    byte[] piece = new byte[10_007];
    try (var output = stream.output()) {
      for (int sent = 0; sent < MUCH; sent += piece.length) {
        random.nextBytes(piece);
        digest.update(piece);
        output.write(piece);
      }
    }
    return digest.digest();
  }

  private static byte[] hash(InputStream input) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream whole = new DigestInputStream(input, digest)) {
      whole.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return digest.digest();
  }

  @Test
  void oneDirectionEndsWithoutTheOther() throws Exception {
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    PeerStream own = within(here.open());
    own.output().write("question".getBytes(UTF_8));
    own.output().close();
    PeerStream its = TwoPeers.next(opened);
    assertFalse(its.isOwn());
    assertEquals("question", new String(within(aside(() -> its.input().readAllBytes())), UTF_8));
    its.output().write("answer".getBytes(UTF_8));
    its.output().close();
    assertEquals("answer", new String(within(aside(() -> own.input().readAllBytes())), UTF_8));
    assertThrows(IOException.class, () -> own.output().write(1));
  }

  @Test
  void whatWasEndedInGoodOrderArrivesThoughTheStreamIsClosed() throws Exception {
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    byte[] much = new byte[1 << 20];
    new Random(3).nextBytes(much);
    PeerStream own = within(here.open());
    CompletableFuture<Boolean> sent =
        aside(
            () -> {
              try (own) {
                own.output().write(much);
                own.output().close();
              }
              return true;
            });
    PeerStream its = TwoPeers.next(opened);
    assertArrayEquals(much, within(aside(() -> its.input().readAllBytes())));
    assertTrue(within(sent));
  }

  @Test
  void whoeverWaitsHearsThatAStreamWasCutOff() throws Exception {
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    PeerStream own = within(here.open());
    own.output().write(1);
    PeerStream its = TwoPeers.next(opened);
    assertEquals(1, within(aside(() -> its.input().read())));
    CompletableFuture<Integer> reading = aside(() -> its.input().read());
    CompletableFuture<Object> writing =
        aside(
            () -> {
              while (true) {
                its.output().write(new byte[50_000]);
              }
            });
    own.close();
    Meeting.cut(reading);
    Meeting.cut(writing);
  }

  @Test
  void whoStopsReadingStopsTheWriter() throws Exception {
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    PeerStream own = within(here.open());
    CompletableFuture<Object> writing =
        aside(
            () -> {
              while (true) {
                own.output().write(new byte[50_000]);
              }
            });
    PeerStream its = TwoPeers.next(opened);
    within(aside(() -> its.input().readNBytes(1_000)));
    its.input().close();
    Meeting.cut(writing);
    // The other direction is another matter.
    its.output().write("still here".getBytes(UTF_8));
    its.output().close();
    assertEquals("still here", new String(within(aside(() -> own.input().readAllBytes())), UTF_8));
  }

  @Test
  void whoDoesNotReadHoldsUpOneStreamAlone() throws Exception {
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    PeerStream own = within(here.open());
    CompletableFuture<byte[]> writing = aside(() -> send(own, 4));
    PeerStream unread = TwoPeers.next(opened);
    echo(there);
    assertArrayEquals("aside".getBytes(UTF_8), ask(here, "aside".getBytes(UTF_8)));
    assertFalse(writing.isDone());
    CompletableFuture<byte[]> came = aside(() -> hash(unread.input()));
    assertArrayEquals(within(writing), within(came));
  }

  @Test
  void moreThanAHundredStreamsWaitForTheirTurn() throws Exception {
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    List<PeerStream> own = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      PeerStream stream = within(here.open());
      stream.output().write(i);
      own.add(stream);
    }
    CompletableFuture<PeerStream> waiting = here.open();
    List<PeerStream> theirs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      theirs.add(TwoPeers.next(opened));
    }
    assertFalse(waiting.isDone());
    end(own.get(7), theirs.get(7));
    PeerStream next = within(waiting);
    next.output().write(1);
    TwoPeers.next(opened);
    // Credits come back again and again.
    for (int i = 20; i < 90; i++) {
      end(own.get(i), theirs.get(i));
    }
    for (int i = 0; i < 60; i++) {
      within(here.open()).output().write(1);
    }
  }

  @Test
  void streamsThatWereCutOffMakeRoomForOthers() throws Exception {
    there.onStream(PeerStream::close);
    for (int i = 0; i < 150; i++) {
      try (PeerStream stream = within(here.open())) {
        stream.output().write(1);
        Meeting.cut(aside(() -> stream.input().read()));
      }
    }
  }

  private static void end(PeerStream one, PeerStream other) throws Exception {
    one.output().close();
    other.output().close();
    within(aside(() -> one.input().readAllBytes()));
    within(aside(() -> other.input().readAllBytes()));
  }

  @Test
  void streamsThatNobodyTakesWaitAndNoMoreThanSixteen() throws Exception {
    List<PeerStream> own = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      PeerStream stream = within(here.open());
      stream.output().write(i);
      own.add(stream);
    }
    Meeting.cut(aside(() -> own.get(16).input().read()));
    BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
    there.onStream(opened::add);
    for (int i = 0; i < 16; i++) {
      PeerStream stream = TwoPeers.next(opened);
      assertEquals(i, within(aside(() -> stream.input().read())));
    }
    assertTrue(opened.isEmpty());
  }

  @Test
  void datagramsGoBothWays() throws Exception {
    BlockingQueue<Bytes> cameThere = new LinkedBlockingQueue<>();
    BlockingQueue<Bytes> cameHere = new LinkedBlockingQueue<>();
    there.onDatagram(cameThere::add);
    here.onDatagram(cameHere::add);
    assertTrue(here.maxDatagram() >= 1_000 && here.maxDatagram() < 1_200);
    byte[] long1 = new byte[here.maxDatagram()];
    new Random(5).nextBytes(long1);
    assertTrue(here.send(Bytes.wrap(long1)));
    assertEquals(Bytes.wrap(long1), TwoPeers.next(cameThere));
    assertTrue(there.send(Bytes.utf8("pong")));
    assertEquals("pong", TwoPeers.next(cameHere).utf8());
    long before = here.statistics().droppedDatagrams();
    assertFalse(here.send(Bytes.wrap(new byte[1_200])));
    assertFalse(here.send(Bytes.of()));
    assertEquals(before + 2, here.statistics().droppedDatagrams());
  }

  @Test
  void aFloodOfDatagramsIsDroppedAndCounted() {
    Bytes datagram = Bytes.wrap(new byte[1_000]);
    boolean refused = false;
    for (int i = 0; i < 1_000_000 && !refused; i++) {
      refused = !here.send(datagram);
    }
    assertTrue(refused);
    assertTrue(here.statistics().droppedDatagrams() > 0);
  }

  @Test
  void theConnectionGoesOnWhileThePathBelowGoesOver() throws Exception {
    BlockingQueue<PeerEvent.PathChanged> changes = new LinkedBlockingQueue<>();
    here.onEvent(
        event -> {
          if (event instanceof PeerEvent.PathChanged changed) {
            changes.add(changed);
          }
        });
    PeerPath first = TwoPeers.next(changes).now();
    echo(there);
    PeerStream stream = within(here.open());
    stream.output().write("be".getBytes(UTF_8));
    assertEquals("be", new String(within(aside(() -> stream.input().readNBytes(2))), UTF_8));
    String left = first.local().ip().getHostAddress();
    String stays = left.equals("127.0.0.1") ? "127.0.0.2" : "127.0.0.1";
    caller.execute((meet, now) -> meet.use(List.of(TwoPeers.address(stays)), now));
    PeerPath second = TwoPeers.next(changes).now();
    while (second.local().ip().getHostAddress().equals(left)) {
      second = TwoPeers.next(changes).now();
    }
    stream.output().write("fore".getBytes(UTF_8));
    assertEquals("fore", new String(within(aside(() -> stream.input().readNBytes(4))), UTF_8));
    assertEquals(stays, here.path().orElseThrow().local().ip().getHostAddress());
  }

  @Test
  void eitherSideMayCloseIt() throws Exception {
    BlockingQueue<PeerEvent> events = new LinkedBlockingQueue<>();
    there.onEvent(events::add);
    PeerStream stream = within(here.open());
    CompletableFuture<Integer> reading = aside(() -> stream.input().read());
    here.close();
    assertEquals(PeerEnd.Kind.CLOSED, within(here.over()).kind());
    assertEquals(PeerEnd.Kind.PEER_CLOSED, within(there.over()).kind());
    Meeting.cut(reading);
    assertEquals(PeerEnd.Kind.CLOSED, Meeting.end(here.open()).kind());
    assertFalse(here.send(Bytes.utf8("late")));
    assertTrue(here.path().isEmpty());
    assertTrue(here.statistics().sentPackets() > 0);
    PeerEvent last = TwoPeers.next(events);
    while (!(last instanceof PeerEvent.Ended)) {
      last = TwoPeers.next(events);
    }
    here.close();
    Meeting.Ends again = meeting.connect(caller);
    assertNotSame(here, again.here());
    again.there().close();
    assertEquals(PeerEnd.Kind.PEER_CLOSED, within(again.here().over()).kind());
  }

  @Test
  void listenersThatThrowDoNoHarm() throws Exception {
    there.onStream(
        stream -> {
          throw new UncheckedIOException(new IOException("a listener's fault, on purpose"));
        });
    there.onEvent(
        event -> {
          throw new IllegalStateException("a listener's fault, on purpose");
        });
    PeerStream lost = within(here.open());
    lost.output().write(1);
    Meeting.cut(aside(() -> lost.input().read()));
    echo(here);
    assertArrayEquals("well".getBytes(UTF_8), ask(there, "well".getBytes(UTF_8)));
    there.onStream(PeerStream::close);
    assertThrows(ExecutionException.class, () -> within(onLoop(() -> lost.input().read())));
  }

  /** What a listener would do. */
  private <T> CompletableFuture<T> onLoop(Blocking<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    caller.execute(
        (meet, now) -> {
          try {
            result.complete(action.run());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  @Test
  void qualityIsToldWhileItIsInUse() throws Exception {
    BlockingQueue<PeerEvent.Quality> told = new LinkedBlockingQueue<>();
    here.onEvent(
        event -> {
          if (event instanceof PeerEvent.Quality quality) {
            told.add(quality);
          }
        });
    echo(there);
    // The handshake and this are within the first second, or the next.
    ask(here, new byte[100]);
    PeerEvent.Quality quality = TwoPeers.next(told);
    assertTrue(quality.roundTrip().toNanos() > 0);
    assertTrue(quality.loss() >= 0 && quality.loss() <= 1);
  }
}
