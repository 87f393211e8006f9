package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens fresh ports toward one server and looks at what they become outside. */
final class PortsProbe implements Probe {
  private static final int BATCH = 8;
  private static final int MOST_BATCHES = 3;

  private final PathState path;
  private final List<LocalSocket> sockets = new ArrayList<>();
  private final List<Volley> volleys = new ArrayList<>();
  private Optional<Target> server = Optional.empty();
  private Finding<PortAllocation> judgement = PortPattern.judge(List.of());
  private int judgedOn;

  PortsProbe(PathState path) {
    this.path = path;
    bindBatch();
  }

  private void bindBatch() {
    for (int i = 0; i < BATCH; i++) {
      sockets.add(path.bind());
    }
  }

  /** Fresh sockets of which the server's view is known, in the order they were opened in. */
  List<LocalSocket> seen() {
    return volleys.stream()
        .filter(volley -> external(volley).isPresent())
        .map(Volley::socket)
        .toList();
  }

  Optional<Target> server() {
    return server;
  }

  private Optional<TransportAddress> external(Volley volley) {
    return path.sightings().seen(volley.socket(), volley.to());
  }

  @Override
  public List<Volley> volleys() {
    return volleys;
  }

  @Override
  public void advance(MonotonicTime now) {
    if (server.isEmpty()) {
      server = path.nearest();
    }
    boolean ready =
        sockets.stream().allMatch(socket -> socket.isOpen() || socket.closed().isPresent());
    if (server.isPresent() && ready && volleys.size() < sockets.size()) {
      for (LocalSocket socket : sockets.subList(volleys.size(), sockets.size())) {
        volleys.add(path.volley(socket, server.get().address(), Pace.CALM));
      }
    }
    volleys.stream().filter(volley -> volley.isAnswered()).forEach(Volley::cease);
    boolean another = isHeard(now) && sockets.size() < MOST_BATCHES * BATCH;
    if (another && judge().value().isEmpty() && hasHope()) {
      bindBatch();
    }
  }

  /** Losses leave gaps that another batch may fill; a rule that is not there stays away. */
  private boolean hasHope() {
    return path.loss().lost() > 0 || sockets.size() == BATCH;
  }

  /** Whether the first try of each has been answered or lost. */
  private boolean isHeard(MonotonicTime now) {
    return volleys.size() == sockets.size()
        && volleys.stream()
            .allMatch(
                volley ->
                    volley.isAnswered()
                        || volley.lost(now, path.patience()) > 0
                        || volley.socket().closed().isPresent());
  }

  @Override
  public boolean isSettled(MonotonicTime now) {
    if (server.isEmpty()) {
      return path.targets().stream().allMatch(target -> path.isGivenUp(target, now));
    }
    return isHeard(now)
        && (judge().value().isPresent() || sockets.size() >= MOST_BATCHES * BATCH || !hasHope());
  }

  Finding<PortAllocation> judge() {
    int evidence = path.sightings().count();
    if (evidence != judgedOn) {
      judgedOn = evidence;
      judgement = judgeAnew();
    }
    return judgement;
  }

  private Finding<PortAllocation> judgeAnew() {
    List<PortPattern.Sample> samples = new ArrayList<>();
    long addresses =
        volleys.stream()
            .flatMap(volley -> external(volley).stream())
            .map(TransportAddress::ip)
            .distinct()
            .count();
    for (int i = 0; i < volleys.size(); i++) {
      Volley volley = volleys.get(i);
      int local = volley.socket().local().map(TransportAddress::port).orElse(0);
      // The last of one batch and the first of the next are not neighbours.
      int order = i + i / BATCH;
      boolean prompt = !volley.shots().isEmpty() && volley.shots().get(0).reply().isPresent();
      external(volley)
          .map(address -> new PortPattern.Sample(order, local, address.port(), prompt))
          .ifPresent(samples::add);
    }
    Finding<PortAllocation> found = PortPattern.judge(samples);
    boolean mixed =
        addresses > 1
            && found
                .value()
                .filter(it -> it.pattern() == PortAllocation.Pattern.PRESERVING)
                .isEmpty();
    return mixed
        ? Finding.unknown("several external addresses are in use, each with ports of its own")
        : found;
  }
}
