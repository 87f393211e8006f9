package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** All lines of a peer: two that last, and some that are there for as long as they are of use. */
final class Lines {
  /** Those that the peer stays attached to. */
  static final int MOST_LASTING = 2;

  /** All others, whatever for. */
  static final int MOST_TEMPORARY = 8;

  private static final Duration LONGEST_UNUSED = Duration.ofSeconds(60);

  private final Means means;
  private final List<Line> lines = new ArrayList<>();
  private final Set<Line> lasting = new LinkedHashSet<>();

  /** Nodes that sent the peer away, and where it has not gone yet. */
  private final Set<Line> leaving = new LinkedHashSet<>();

  private Consumer<Line> whenGone = line -> {};

  Lines(Means means) {
    this.means = means;
  }

  /** Who is told of each that is there no longer. */
  void whenGone(Consumer<Line> listener) {
    whenGone = listener;
  }

  List<Line> all() {
    return List.copyOf(lines);
  }

  Optional<Line> find(long id) {
    return lines.stream().filter(line -> line.has(id)).findFirst();
  }

  /** The line with a node, on its way or there. */
  Optional<Line> to(Place place) {
    return lines.stream()
        .filter(line -> line.place() == place || isSameNode(line.place(), place))
        .findFirst();
  }

  private static boolean isSameNode(Place one, Place other) {
    return one.id().isPresent() && one.id().equals(other.id());
  }

  /** Another line with the same node: the node keeps the later one. */
  Optional<Line> twin(Line of, PeerId node) {
    return lines.stream()
        .filter(line -> line != of && line.node().filter(node::equals).isPresent())
        .findFirst();
  }

  /** The line with a node, made if there is none; empty if too many others are in use. */
  Optional<Line> open(Place place, MonotonicTime now) {
    Optional<Line> there = to(place);
    if (there.isPresent()) {
      return there;
    }
    if (!place.isUsable() || (lines.size() - lasting.size() >= MOST_TEMPORARY && !makeRoom())) {
      return Optional.empty();
    }
    Line line = new Line(place, means, now);
    lines.add(line);
    return Optional.of(line);
  }

  private boolean makeRoom() {
    Optional<Line> idle =
        temporary()
            .filter(line -> line.isWelcome() && !line.isBusy())
            .min(Comparator.comparing(Line::used));
    idle.ifPresent(this::close);
    return idle.isPresent();
  }

  private Stream<Line> temporary() {
    return lines.stream().filter(line -> !lasting.contains(line));
  }

  void ask(
      Place place,
      LongFunction<Frame.Request> request,
      Consumer<Optional<Frame>> whenAnswered,
      MonotonicTime now) {
    open(place, now)
        .ifPresentOrElse(
            line -> line.ask(request, whenAnswered, now),
            () -> whenAnswered.accept(Optional.empty()));
  }

  /** Ends it at once; nothing is held against the node. */
  void close(Line line) {
    remove(line);
    line.close();
    line.over();
  }

  void remove(Line line) {
    lines.remove(line);
    lasting.remove(line);
    leaving.remove(line);
    whenGone.accept(line);
  }

  List<Line> lasting() {
    return List.copyOf(lasting);
  }

  boolean isLasting(Line line) {
    return lasting.contains(line);
  }

  void last(Line line) {
    if (lasting.size() >= MOST_LASTING) {
      throw new IllegalStateException("there are two that last");
    }
    lasting.add(line);
  }

  /** It may go once nobody needs it. */
  void release(Line line, MonotonicTime now) {
    lasting.remove(line);
    line.touch(now);
  }

  void leave(Line line) {
    leaving.add(line);
  }

  boolean isLeaving(Line line) {
    return leaving.contains(line);
  }

  /** Those that are welcome at a node that will stay. */
  List<Line> welcome() {
    return lines.stream().filter(line -> line.isWelcome() && !leaving.contains(line)).toList();
  }

  int trying() {
    return (int) lines.stream().filter(line -> !line.isWelcome() && !line.isEnded()).count();
  }

  /** Closes what nobody used for a while. */
  void advance(MonotonicTime now) {
    all().forEach(line -> line.advance(now));
    temporary()
        .filter(line -> line.isWelcome() && !line.isBusy())
        .filter(line -> line.unusedSince(now).compareTo(LONGEST_UNUSED) >= 0)
        .toList()
        .forEach(this::close);
  }

  Optional<MonotonicTime> nextDeadline() {
    return Stream.concat(
            lines.stream().map(Line::nextDeadline).flatMap(Optional::stream),
            temporary()
                .filter(line -> line.isWelcome() && !line.isBusy())
                .map(line -> line.used().plus(LONGEST_UNUSED)))
        .min(MonotonicTime::compareTo);
  }
}
