package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A file that is fetched from whoever has some of it, and served to whoever wants some of it. Safe
 * for any thread.
 */
final class Swarm implements AutoCloseable {
  /** The most peers at a time; a thread asks each. */
  static final int MOST_LINKS = 32;

  /** The most questions that are answered at a time; further ones wait. */
  private static final int MOST_ANSWERS = 64;

  /** The most that a peer may have answered at a time; more than honest ones ask. */
  private static final int MOST_EACH = 16;

  private static final long IDLE_SECONDS = 10;

  private final Pieces pieces;
  private final Choice choice;
  private final Desk desk;
  private final Duration relayPause;
  private final Consumer<? super SwarmEvent> events;
  private final Map<PeerId, Link> links = new HashMap<>();
  private final Set<PeerId> dropped = new HashSet<>();
  private final AtomicBoolean told = new AtomicBoolean();
  private final Map<PeerId, Integer> asking = new HashMap<>();
  private final ThreadPoolExecutor sources = threads(MOST_LINKS, 0);
  private final ThreadPoolExecutor answers = threads(MOST_ANSWERS, MOST_LINKS * MOST_EACH);
  private volatile boolean over;

  /**
   * A swarm of nobody but this peer.
   *
   * @param relayPause after each piece that came through a relay
   * @param events is told what happens, on any thread
   */
  Swarm(
      Pieces pieces,
      UploadRate rate,
      Duration relayPause,
      RandomGenerator random,
      Consumer<? super SwarmEvent> events) {
    this.pieces = pieces;
    this.choice = new Choice(pieces, random, System::nanoTime);
    this.desk = new Desk(pieces, rate, this::others);
    this.relayPause = relayPause;
    this.events = events;
  }

  private static ThreadPoolExecutor threads(int most, int waiting) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            waiting == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(waiting),
            Swarm::thread);
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "swarm");
    thread.setDaemon(true);
    return thread;
  }

  /** Asks a peer for the manifest of that name; blocks. */
  static Manifest manifest(Link link, Bytes name) throws IOException {
    Wire.Question question = new Wire.Question(Wire.Kind.MANIFEST, name, 0);
    Optional<byte[]> text = Source.answer(link, question, Manifest.LONGEST);
    if (text.isEmpty()) {
      throw new SwarmException("it does not share this file");
    }
    return Manifest.decode(text.get(), name);
  }

  /**
   * Asks a peer for pieces from now on, until it or the swarm is over.
   *
   * @return false: it is there already, was dropped, or there are too many
   */
  boolean add(Link link) {
    synchronized (this) {
      links.values().removeIf(Link::isOver);
      if (over
          || links.size() >= MOST_LINKS
          || dropped.contains(link.peer())
          || links.putIfAbsent(link.peer(), link) != null) {
        return false;
      }
    }
    events.accept(new SwarmEvent.Joined(link.peer()));
    if (!start(sources, () -> ask(link))) {
      leave(link, "there are too many", false);
    }
    return true;
  }

  private static boolean start(ThreadPoolExecutor threads, Runnable task) {
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void ask(Link link) {
    try {
      new Source(link, pieces, choice, relayPause, () -> over || link.isOver(), this::take).run();
      complete();
      if (link.isOver()) {
        leave(link, "it is gone", false);
      }
    } catch (SwarmException | Source.BadPieceException e) {
      leave(link, String.valueOf(e.getMessage()), true);
    } catch (IOException e) {
      leave(link, "it is gone: " + e.getMessage(), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(SwarmEvent event) {
    events.accept(event);
    if (event instanceof SwarmEvent.Took) {
      complete();
    }
  }

  private void complete() {
    if (pieces.isComplete() && told.compareAndSet(false, true)) {
      events.accept(new SwarmEvent.Completed());
    }
  }

  private void leave(Link link, String reason, boolean bad) {
    synchronized (this) {
      links.remove(link.peer(), link);
      if (bad) {
        dropped.add(link.peer());
      }
    }
    link.close();
    if (!over) {
      events.accept(new SwarmEvent.Left(link.peer(), reason, bad));
    }
  }

  /** Answers a question of a peer, soon; cuts it off if that peer asks too much at once. */
  void answer(PeerId asker, Link.Exchange exchange) {
    if (!begin(asker) || !start(answers, () -> answerNow(asker, exchange))) {
      exchange.close();
    }
  }

  private void answerNow(PeerId asker, Link.Exchange exchange) {
    try {
      desk.answer(asker, exchange);
    } finally {
      synchronized (this) {
        asking.computeIfPresent(asker, (peer, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  private synchronized boolean begin(PeerId asker) {
    int count = asking.getOrDefault(asker, 0);
    if (over || count >= MOST_EACH) {
      return false;
    }
    asking.put(asker, count + 1);
    return true;
  }

  /** Whether a peer is there to ask, or must not be. */
  synchronized boolean knows(PeerId peer) {
    return dropped.contains(peer) || (links.containsKey(peer) && !links.get(peer).isOver());
  }

  /** Whether this very connection is one of those that are asked. */
  synchronized boolean has(Link link) {
    return link.equals(links.get(link.peer()));
  }

  private synchronized List<PeerId> others(PeerId asker) {
    return links.values().stream()
        .filter(link -> !link.isOver() && !link.peer().equals(asker))
        .map(Link::peer)
        .limit(Wire.MOST_PEERS)
        .toList();
  }

  /** The most peers that were asked at one time. */
  int mostAtOnce() {
    return choice.mostAtOnce();
  }

  @Override
  public void close() {
    List<Link> all;
    synchronized (this) {
      over = true;
      all = List.copyOf(links.values());
      links.clear();
    }
    choice.wake();
    all.forEach(Link::close);
    sources.shutdownNow();
    answers.shutdownNow();
  }
}
