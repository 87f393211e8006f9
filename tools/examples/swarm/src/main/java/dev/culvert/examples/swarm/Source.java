package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Asks one peer for pieces until the file is whole or the peer is gone; on a thread of its own. */
final class Source {
  /** Pieces on their way from one peer over a direct path, so that the path is never idle. */
  private static final int AT_ONCE = 4;

  /** How often a peer is asked anew what it has. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Link link;
  private final Pieces pieces;
  private final Choice choice;
  private final Duration relayPause;
  private final BooleanSupplier over;
  private final Consumer<? super SwarmEvent> events;
  private final Bytes name;
  private final Deque<Asked> asked = new ArrayDeque<>();
  private long looked = System.nanoTime() - LOOK_NANOS;
  private long pausedUntil = System.nanoTime();

  private record Asked(int piece, Link.Exchange exchange) {}

  /**
   * Nothing asked so far.
   *
   * @param relayPause after each piece that came through a relay
   * @param over whether nothing more is wanted
   */
  Source(
      Link link,
      Pieces pieces,
      Choice choice,
      Duration relayPause,
      BooleanSupplier over,
      Consumer<? super SwarmEvent> events) {
    this.link = link;
    this.pieces = pieces;
    this.choice = choice;
    this.relayPause = relayPause;
    this.over = over;
    this.events = events;
    this.name = pieces.manifest().name();
  }

  /** Returns when nothing more is wanted, or throws when nothing more comes. */
  void run() throws IOException, InterruptedException {
    try {
      while (!over.getAsBoolean() && !pieces.isComplete()) {
        look();
        ask();
        Asked first = asked.poll();
        if (first != null) {
          take(first);
        } else {
          choice.await(GLANCE);
        }
      }
    } finally {
      asked.forEach(each -> each.exchange().close());
      choice.gone(link.peer());
    }
  }

  private void look() throws IOException {
    if (System.nanoTime() - looked < LOOK_NANOS) {
      return;
    }
    int count = pieces.manifest().count();
    Optional<byte[]> here = answer(Wire.Kind.HERE, (count + 7) / 8);
    if (here.isEmpty()) {
      throw new SwarmException("it does not share this file");
    }
    choice.offers(link.peer(), link.isDirect(), Wire.here(here.get(), count));
    answer(Wire.Kind.PEERS, Wire.MOST_PEERS * PeerId.LENGTH)
        .map(Wire::peers)
        .ifPresent(peers -> events.accept(new SwarmEvent.Heard(peers)));
    looked = System.nanoTime();
  }

  private Optional<byte[]> answer(Wire.Kind kind, int most) throws IOException {
    return answer(link, new Wire.Question(kind, name, 0), most);
  }

  /** Asks something, and waits for the answer. */
  static Optional<byte[]> answer(Link link, Wire.Question question, int most) throws IOException {
    try (Link.Exchange exchange = link.open()) {
      Wire.ask(exchange.output(), question);
      return Wire.answer(exchange.input(), most);
    }
  }

  private void ask() throws IOException {
    boolean direct = link.isDirect();
    boolean pausing = !direct && System.nanoTime() - pausedUntil < 0;
    while (!pausing && asked.size() < (direct ? AT_ONCE : 1)) {
      OptionalInt piece = choice.next(link.peer());
      if (piece.isEmpty()) {
        return;
      }
      Link.Exchange exchange = link.open();
      asked.add(new Asked(piece.getAsInt(), exchange));
      Wire.ask(exchange.output(), new Wire.Question(Wire.Kind.PIECE, name, piece.getAsInt()));
    }
  }

  private void take(Asked first) throws IOException {
    int piece = first.piece();
    boolean direct = link.isDirect();
    try (Link.Exchange exchange = first.exchange()) {
      int length = pieces.manifest().length(piece);
      Optional<byte[]> bytes = Wire.answer(exchange.input(), length);
      if (bytes.isPresent()) {
        boolean news = !pieces.here().get(piece);
        if (!pieces.write(piece, bytes.get())) {
          throw new BadPieceException(piece);
        }
        if (news) {
          int here = pieces.here().cardinality();
          events.accept(new SwarmEvent.Took(piece, link.peer(), direct && link.isDirect(), here));
        }
      }
      choice.answered(link.peer(), piece, bytes.isPresent());
      if (!direct) {
        pausedUntil = System.nanoTime() + relayPause.toNanos();
      }
    }
  }

  /** A peer gave something else than it was asked for. */
  static final class BadPieceException extends IOException {
    private static final long serialVersionUID = 1;

    BadPieceException(int piece) {
      super("it gave other bytes as piece " + piece);
    }
  }
}
