package dev.culvert.examples.swarm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Swarms over sockets of this host. */
class SwarmTest {
  private static final int PIECE = 1 << 10;
  private static final int COUNT = 60;
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final byte[] content = new byte[COUNT * PIECE - 7];
  private Path file = Path.of("");
  private Manifest manifest = new Manifest(0, PIECE, List.of());

  @BeforeEach
  void write() throws IOException {
    new Random(1).nextBytes(content);
    file = folder.resolve("original");
    Files.write(file, content);
    manifest = Manifest.of(file, PIECE);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** A swarm, the peer as which others see it, and what happened in it. */
  private final class Member {
    final BlockingQueue<SwarmEvent> events = new LinkedBlockingQueue<>();
    final Pieces pieces;
    final Swarm swarm;
    final SocketPeer peer;

    /** What {@code then} does with an event, the fetching waits for. */
    Member(int seed, Path its, Consumer<SwarmEvent> then) throws IOException {
      pieces = Pieces.of(manifest, its);
      swarm =
          new Swarm(
              pieces,
              UploadRate.ANY,
              Duration.ZERO,
              new Random(seed),
              event -> {
                events.add(event);
                then.accept(event);
              });
      peer = new SocketPeer(seed, exchange -> swarm.answer(ASKER, exchange));
      open.add(pieces);
      open.add(swarm);
      open.add(peer);
    }

    <E extends SwarmEvent> E await(Class<E> kind) throws InterruptedException {
      for (SwarmEvent event = next(); ; event = next()) {
        if (kind.isInstance(event)) {
          return kind.cast(event);
        }
      }
    }

    private SwarmEvent next() throws InterruptedException {
      SwarmEvent event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(event != null, "nothing happened");
      return event;
    }
  }

  private static final PeerId ASKER = new PeerId(Bytes.wrap(new byte[PeerId.LENGTH]));

  private Member seed(int seed) throws IOException {
    return new Member(seed, file, event -> {});
  }

  private Member newcomer(int seed) throws IOException {
    return newcomer(seed, event -> {});
  }

  private Member newcomer(int seed, Consumer<SwarmEvent> then) throws IOException {
    return new Member(seed, folder.resolve("copy-" + seed), then);
  }

  /** Goes on with none but so many pieces until it is let. */
  private static Consumer<SwarmEvent> holdingAt(int here, CountDownLatch goOn) {
    return event -> {
      if (event instanceof SwarmEvent.Took took && took.here() == here) {
        try {
          assertTrue(goOn.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  private static List<SwarmEvent.Took> taken(Member member) throws InterruptedException {
    List<SwarmEvent.Took> taken = new ArrayList<>();
    while (taken.size() < COUNT) {
      taken.add(member.await(SwarmEvent.Took.class));
    }
    member.await(SwarmEvent.Completed.class);
    return taken;
  }

  /** One that has those pieces alone. */
  private Member half(int seed, int from, int to) throws IOException {
    byte[] some = new byte[content.length];
    int end = Math.min(to * PIECE, content.length);
    System.arraycopy(content, from * PIECE, some, from * PIECE, end - from * PIECE);
    Files.write(folder.resolve("copy-" + seed + ".part"), some);
    return newcomer(seed);
  }

  @Test
  void oneFileComesFromSeveralWhoEachHaveSomeOfIt() throws Exception {
    Member one = half(1, 0, COUNT / 2);
    Member two = half(2, COUNT / 2, COUNT);
    Member fetcher = newcomer(3);
    assertEquals(manifest, Swarm.manifest(one.peer.link(true), manifest.name()));
    assertTrue(fetcher.swarm.add(one.peer.link(true)));
    assertTrue(fetcher.swarm.add(two.peer.link(false)));
    assertFalse(fetcher.swarm.add(two.peer.link(true)), "it is there already");
    List<SwarmEvent.Took> taken = taken(fetcher);
    assertEquals(
        COUNT, taken.stream().map(SwarmEvent.Took::piece).distinct().count(), "each piece once");
    for (SwarmEvent.Took took : taken) {
      boolean first = took.piece() < COUNT / 2;
      assertEquals((first ? one : two).peer.id(), took.from());
      assertEquals(first, took.direct());
    }
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("copy-3")));
    assertFalse(Files.exists(folder.resolve("copy-3.part")));
  }

  @Test
  void whatOneHasFetchedItServes() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Member first = newcomer(2, holdingAt(1, goOn));
    Member second = newcomer(3);
    first.swarm.add(seed(1).peer.link(true));
    SwarmEvent.Took only = first.await(SwarmEvent.Took.class);
    second.swarm.add(first.peer.link(true));
    SwarmEvent.Took passedOn = second.await(SwarmEvent.Took.class);
    assertEquals(first.peer.id(), passedOn.from());
    assertEquals(only.piece(), passedOn.piece());
    goOn.countDown();
    second.await(SwarmEvent.Completed.class);
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("copy-3")));
  }

  @Test
  void whoDiesHalfWayIsReplaced() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Member mortal = seed(1);
    Member fetcher = newcomer(3, holdingAt(COUNT / 2, goOn));
    fetcher.swarm.add(mortal.peer.link(true));
    SwarmEvent.Took took = fetcher.await(SwarmEvent.Took.class);
    while (took.here() < COUNT / 2) {
      took = fetcher.await(SwarmEvent.Took.class);
    }
    mortal.peer.close();
    goOn.countDown();
    SwarmEvent.Left left = fetcher.await(SwarmEvent.Left.class);
    assertEquals(mortal.peer.id(), left.peer());
    assertFalse(left.dropped(), "it may come back");
    assertFalse(fetcher.pieces.isComplete());
    fetcher.swarm.add(seed(2).peer.link(true));
    fetcher.await(SwarmEvent.Completed.class);
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("copy-3")));
  }

  @Test
  void whoGivesOtherBytesIsDroppedForGood() throws Exception {
    SocketPeer liar = liar(exchange -> Optional.of(new byte[PIECE]));
    open.add(liar);
    Member fetcher = newcomer(3);
    fetcher.swarm.add(liar.link(true));
    SwarmEvent.Left left = fetcher.await(SwarmEvent.Left.class);
    assertTrue(left.dropped());
    assertTrue(left.reason().startsWith("it gave other bytes as piece"), left.reason());
    assertFalse(fetcher.swarm.add(liar.link(true)), "it is not to come back");
    assertTrue(fetcher.swarm.knows(liar.id()));
    assertEquals(0, fetcher.pieces.here().cardinality());
    fetcher.swarm.add(seed(2).peer.link(true));
    fetcher.await(SwarmEvent.Completed.class);
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("copy-3")));
  }

  @Test
  void anAnswerThatIsTooLongIsNotRead() throws Exception {
    SocketPeer liar = liar(question -> Optional.of(new byte[PIECE + 1]));
    open.add(liar);
    Member fetcher = newcomer(3);
    fetcher.swarm.add(liar.link(true));
    SwarmEvent.Left left = fetcher.await(SwarmEvent.Left.class);
    assertTrue(left.dropped());
    assertEquals("an answer of 1025 bytes where 1024 are the most", left.reason());
  }

  /** Claims to have everything; what it gives as a piece is up to the test. */
  private SocketPeer liar(Function<Wire.Question, Optional<byte[]>> piece) throws IOException {
    BitSet all = new BitSet();
    all.set(0, COUNT);
    return new SocketPeer(
        9,
        exchange -> {
          try (exchange;
              var out = exchange.output()) {
            Wire.Question question = Wire.question(exchange.input()).orElseThrow();
            byte[] answer =
                switch (question.kind()) {
                  case HERE -> all.toByteArray();
                  case PIECE -> piece.apply(question).orElseThrow();
                  default -> new byte[0];
                };
            Wire.announce(out, answer.length);
            out.write(answer);
          } catch (IOException e) {
            // The other side does not read what is too long.
          }
        });
  }

  @Test
  void peersNameEachOther() throws Exception {
    Member seed = seed(1);
    Member middle = newcomer(2);
    Member fetcher = newcomer(3);
    middle.swarm.add(seed.peer.link(true));
    middle.await(SwarmEvent.Completed.class);
    fetcher.swarm.add(middle.peer.link(true));
    assertEquals(
        Set.of(seed.peer.id()),
        fetcher.await(SwarmEvent.Heard.class).peers().stream().collect(Collectors.toSet()));
  }

  @Test
  void whoAsksTooMuchAtOnceIsCutOff() throws Exception {
    Member seed = seed(1);
    // Sixteen that ask and then say nothing; the next one is not even heard.
    List<Link.Exchange> silent = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      silent.add(seed.peer.link(true).open());
    }
    try (Link.Exchange next = seed.peer.link(true).open()) {
      assertThrows(
          IOException.class,
          () -> {
            Wire.ask(next.output(), new Wire.Question(Wire.Kind.HERE, manifest.name(), 0));
            Wire.answer(next.input(), 100);
          });
    }
    silent.forEach(Link.Exchange::close);
  }

  @Test
  void aManifestOfAnotherFileIsRefused() throws Exception {
    Member seed = seed(1);
    Bytes other = Bytes.wrap(new byte[Manifest.DIGEST]);
    assertThrows(SwarmException.class, () -> Swarm.manifest(seed.peer.link(true), other));
  }
}
