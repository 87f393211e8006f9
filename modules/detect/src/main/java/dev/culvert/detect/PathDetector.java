package dev.culvert.detect;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All tests from one local address over one IP family. */
final class PathDetector {
  /** Servers whose filtering tests are sent before it is known whether they offer them. */
  private static final int SPECULATIVE = 2;

  /** The first answer comes while everything is started at once and tells little of the way. */
  private static final int PINGS = 3;

  /** What is settled is not held up longer than this by servers that never answered. */
  private static final Duration WAIT_FOR_DEAD = Duration.ofMillis(450);

  private final Postbox postbox;
  private final IpFamily family;
  private final String label;
  private final List<Target> targets;
  private final DetectConfig config;
  private final MonotonicTime startedAt;
  private final List<LocalSocket> connected = new ArrayList<>();
  private Optional<PathState> state = Optional.empty();
  private final List<Volley> liveness = new ArrayList<>();
  private Optional<Volley> heartbeat = Optional.empty();
  private final List<FilteringProbe> filtering = new ArrayList<>();
  private final List<GatewayProbe> gateways = new ArrayList<>();
  private Optional<MappingProbe> mapping = Optional.empty();
  private Optional<PortsProbe> ports = Optional.empty();
  private Optional<HairpinProbe> hairpin = Optional.empty();
  private Optional<SizeProbe> sizes = Optional.empty();
  private Optional<StreamOpinion> streams = Optional.empty();
  private Optional<DistanceProbe> distance = Optional.empty();
  private Optional<LifetimeProbe> lifetime = Optional.empty();

  PathDetector(
      Postbox postbox,
      IpFamily family,
      Optional<LocalInterface> from,
      List<Target> targets,
      DetectConfig config,
      MonotonicTime now) {
    this.postbox = postbox;
    this.family = family;
    this.label = from.map(LocalInterface::label).orElse("");
    this.targets = List.copyOf(targets);
    this.config = config;
    this.startedAt = now;
    for (Target target : targets) {
      connected.add(
          postbox.connect(
              Transport.UDP, from.map(LocalInterface::ip), target.address(), Optional.empty()));
    }
  }

  List<Target> targets() {
    return targets;
  }

  /**
   * Takes the next steps.
   *
   * @param mark whatever had arrived by then has been read: silence is judged up to there
   * @param mayRepeat whether requests may be sent again
   */
  void advance(MonotonicTime now, MonotonicTime mark, boolean mayRepeat) {
    if (state.isEmpty()) {
      connected.stream()
          .flatMap(socket -> socket.local().stream())
          .findFirst()
          .ifPresent(local -> begin(local.ip()));
    }
    state.ifPresent(path -> step(path, now, mark, mayRepeat));
  }

  private void begin(InetAddress ip) {
    PathState path = new PathState(postbox, ip, targets, startedAt);
    state = Optional.of(path);
    ports = Optional.of(new PortsProbe(path));
    mapping = Optional.of(new MappingProbe(path));
    for (int i = 0; i < targets.size(); i++) {
      liveness.add(path.volley(connected.get(i), targets.get(i).address(), Pace.CALM));
    }
    targets.stream()
        .limit(SPECULATIVE)
        .forEach(target -> filtering.add(new FilteringProbe(path, target)));
    hairpin = Optional.of(new HairpinProbe(path, ports.get()));
    sizes = Optional.of(new SizeProbe(path));
    streams = Optional.of(new StreamOpinion(path));
    config.gateways().stream()
        .filter(router -> IpFamily.of(router) == family)
        .forEach(router -> gateways.add(new GatewayProbe(path, router)));
  }

  private void step(PathState path, MonotonicTime now, MonotonicTime mark, boolean mayRepeat) {
    path.collect(mark);
    addFilteringProbes(path, mark);
    List<Probe> probes = probes();
    for (Probe probe : probes) {
      probe.advance(mark);
    }
    for (Volley volley : liveness) {
      if (volley.answered() >= PINGS) {
        volley.cease();
      }
      volley.advance(now, mayRepeat);
    }
    beat(path, now, mark, mayRepeat);
    for (Probe probe : probes) {
      for (Volley volley : probe.volleys()) {
        volley.advance(now, mayRepeat);
      }
    }
    streams.ifPresent(opinion -> opinion.advance(now));
    gateways.forEach(gateway -> gateway.advance(now));
    lifetime.ifPresent(probe -> probe.advance(now, mark));
  }

  /** As long as silence is listened to, something must be heard. */
  private void beat(PathState path, MonotonicTime now, MonotonicTime mark, boolean mayRepeat) {
    if (heartbeat.isEmpty() && path.nearest().isPresent()) {
      Target nearest = path.nearest().get();
      LocalSocket socket = connected.get(targets.indexOf(nearest));
      heartbeat = Optional.of(path.volley(socket, nearest.address(), Pace.BEAT));
    }
    boolean needless =
        probes().stream().allMatch(probe -> isOver(probe, mark))
            && lifetime.stream().noneMatch(LifetimeProbe::isTesting);
    heartbeat.ifPresent(
        volley -> {
          volley.hold(needless);
          volley.advance(now, mayRepeat);
        });
  }

  /** Begins the tests that take long. */
  void beginSlowTests(MonotonicTime now) {
    if (state.isEmpty() || state.get().nearest().isEmpty()) {
      return;
    }
    PathState path = state.get();
    Finding<Boolean> nat = PathFindings.nat(path);
    boolean filters =
        filtering(now).value().filter(it -> it != Behaviour.ENDPOINT_INDEPENDENT).isPresent();
    if (filters && path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT)) {
      distance =
          filtering.stream()
              .filter(FilteringProbe::answersFromBoth)
              .findFirst()
              .map(probe -> new DistanceProbe(path, probe.target()));
    }
    if (filters || !nat.is(false)) {
      Optional<PortAllocation.Pattern> pattern =
          nat.is(true)
              ? ports.orElseThrow().judge().value().map(PortAllocation::pattern)
              : Optional.empty();
      lifetime =
          Optional.of(
              new LifetimeProbe(path, path.nearest().get(), config.longestSilence(), pattern));
    }
  }

  boolean isSlowSettled(MonotonicTime now) {
    return distance.stream().allMatch(probe -> probe.isSettled(now))
        && lifetime.stream().allMatch(LifetimeProbe::isSettled);
  }

  /** A server further down the list steps in where the first ones cannot test. */
  private void addFilteringProbes(PathState path, MonotonicTime now) {
    boolean hope =
        filtering.stream()
            .anyMatch(probe -> !(probe.judge(now) instanceof Finding.Unknown<Behaviour>));
    if (hope) {
      return;
    }
    targets.stream()
        .filter(target -> target.alternate().isPresent())
        .filter(target -> filtering.stream().noneMatch(probe -> probe.target() == target))
        .findFirst()
        .ifPresent(target -> filtering.add(new FilteringProbe(path, target)));
  }

  /** In the order in which their requests go out: fresh ports right after each other, first. */
  private List<Probe> probes() {
    return Stream.of(
            ports.stream(),
            mapping.stream(),
            filtering.stream(),
            hairpin.stream(),
            sizes.stream(),
            distance.stream())
        .flatMap(probes -> probes.map(Probe.class::cast))
        .toList();
  }

  /** Whether waiting longer would tell nothing more. */
  boolean isSettled(MonotonicTime now) {
    if (state.isEmpty()) {
      return connected.stream().allMatch(socket -> socket.closed().isPresent());
    }
    if (targets.stream().noneMatch(Target::isAlive)) {
      return isSilenceSettled(now);
    }
    Duration waited = now.since(startedAt);
    boolean served =
        targets.stream()
            .allMatch(
                target ->
                    target.isAlive()
                        || state.get().isGivenUp(target, now)
                        || waited.compareTo(WAIT_FOR_DEAD) >= 0);
    return served
        && probes().stream().allMatch(probe -> isOver(probe, now))
        && gateways.stream().allMatch(gateway -> gateway.isSettled(now));
  }

  /** Of several servers that can test filtering, one that has told is enough. */
  private boolean isOver(Probe probe, MonotonicTime now) {
    boolean told = filtering.stream().anyMatch(each -> each.judge(now).value().isPresent());
    return (told && probe instanceof FilteringProbe) || probe.isSettled(now);
  }

  private boolean isSilenceSettled(MonotonicTime now) {
    boolean all = streams.filter(StreamOpinion::isSettled).isPresent();
    boolean contradicted = streams.filter(StreamOpinion::contradictsUdp).isPresent();
    return (contradicted || all) && isSilenceLongEnough(now);
  }

  /** Whether UDP was tried so often that loss alone is no explanation. */
  private boolean isSilenceLongEnough(MonotonicTime now) {
    Duration patience = state.orElseThrow().patience();
    long lost =
        Stream.concat(liveness.stream(), mapping.stream().flatMap(m -> m.volleys().stream()))
            .mapToLong(volley -> volley.lost(now, patience))
            .sum();
    boolean allRefused =
        connected.stream()
            .allMatch(socket -> socket.unreachable().filter(this::isHard).isPresent());
    return lost >= 14 || allRefused;
  }

  private boolean isHard(CloseCause cause) {
    return cause == CloseCause.REFUSED || cause == CloseCause.PROHIBITED;
  }

  /** When to look again, after {@code mark}; empty if only an input can change anything. */
  Optional<MonotonicTime> nextDeadline(MonotonicTime mark) {
    if (state.isEmpty()) {
      return Optional.empty();
    }
    PathState path = state.get();
    Soonest soonest = new Soonest(mark);
    soonest.consider(startedAt.plus(WAIT_FOR_DEAD));
    soonest.consider(streams.orElseThrow().due());
    for (GatewayProbe gateway : gateways) {
      gateway.next().ifPresent(soonest::consider);
    }
    for (Volley volley : path.volleys()) {
      volley.next().ifPresent(soonest::consider);
      volley.nextLoss(mark, path.patience()).ifPresent(soonest::consider);
    }
    lifetime.flatMap(probe -> probe.nextDeadline(mark)).ifPresent(soonest::consider);
    return soonest.when();
  }

  List<ServerReport> servers(MonotonicTime now) {
    return targets.stream().map(target -> serverReport(target, now)).toList();
  }

  private ServerReport serverReport(Target target, MonotonicTime now) {
    Optional<FilteringProbe> probe =
        filtering.stream().filter(one -> one.target() == target).findFirst();
    return ServerJudge.report(
        target, probe, connected.get(targets.indexOf(target)).unreachable(), now);
  }

  PathReport report(MonotonicTime now) {
    PathReport.Builder report = PathReport.builder(family).label(label);
    if (state.isEmpty()) {
      return reportWithoutWay(report);
    }
    PathState path = state.get();
    Finding<UdpReach> udp = udp(now);
    report
        .local(local(path))
        .udp(udp)
        .tcp(streams.orElseThrow().judge(Transport.TCP))
        .tls(streams.orElseThrow().judge(Transport.TLS));
    if (udp.is(UdpReach.OPEN)) {
      new PathFindings(path).fill(report, filtering(now), now);
      report.ports(ports.orElseThrow().judge());
      Finding<Boolean> nat = PathFindings.nat(path);
      report.hairpinning(nat.is(false) ? Finding.notMeasured() : hairpin.orElseThrow().judge(now));
      report.largeRequests(sizes.orElseThrow().large(now));
      report.fragmentedRequests(sizes.orElseThrow().fragmented(now));
      Optional<InetAddress> outside = outside();
      outside.ifPresent(ip -> report.gatewayAddress(Finding.known(ip)));
      if (outside.isEmpty() && !gateways.isEmpty()) {
        report.gatewayAddress(Finding.unknown("the router did not tell it"));
      }
      Optional<TransportAddress> reflexive = PathFindings.reflexive(path).value();
      report.layers(
          LayersJudge.layers(nat, outside, reflexive, distance.flatMap(probe -> probe.hops(now))));
      report.carrierGrade(LayersJudge.carrierGrade(nat, Optional.of(path.ip()), outside));
      lifetime.ifPresent(
          probe -> report.lifetime(probe.lifetime()).outlivesTest(probe.outlivesTest()));
    } else if (udp.is(UdpReach.BLOCKED)) {
      report.firewall(Finding.known(true));
    }
    return report.build();
  }

  private static Finding<TransportAddress> local(PathState path) {
    LocalSocket socket = path.mappingSocket();
    if (socket.local().isPresent()) {
      return Finding.known(socket.local().get());
    }
    return socket.closed().isPresent()
        ? Finding.unknown("no socket could be opened")
        : Finding.notMeasured();
  }

  private PathReport reportWithoutWay(PathReport.Builder report) {
    if (targets.isEmpty()) {
      return report.udp(Finding.unknown("no server has an " + family + " address")).build();
    }
    // On a starved machine a socket may take longer than all the time there is.
    if (connected.stream().anyMatch(socket -> socket.closed().isEmpty())) {
      return report.udp(Finding.unknown("time ran out before a socket was open")).build();
    }
    String reason =
        connected.stream()
            .filter(socket -> socket.closed().isPresent())
            .map(LocalSocket::detail)
            .findFirst()
            .orElse("no socket could be opened");
    return report
        .local(Finding.unknown("there is no way out over " + family + ": " + reason))
        .udp(Finding.unknown("there is no way out over " + family))
        .build();
  }

  private Optional<InetAddress> outside() {
    return gateways.stream()
        .flatMap(gateway -> gateway.statement().stream())
        .findFirst()
        .or(
            () ->
                config.statements().stream()
                    .map(GatewayStatement::outside)
                    .filter(ip -> IpFamily.of(ip) == family)
                    .findFirst());
  }

  private Finding<Behaviour> filtering(MonotonicTime now) {
    List<Finding<Behaviour>> found = filtering.stream().map(probe -> probe.judge(now)).toList();
    // A server that was still being asked says more of what is missing than one that cannot tell.
    boolean asking = found.stream().anyMatch(finding -> finding instanceof Finding.NotMeasured);
    return found.stream()
        .filter(finding -> finding.value().isPresent())
        .findFirst()
        .or(
            () ->
                found.stream()
                    .filter(finding -> !asking && finding.reason().isPresent())
                    .findFirst())
        .orElseGet(() -> Finding.unknown("time ran out before the evidence sufficed"));
  }

  private Finding<UdpReach> udp(MonotonicTime now) {
    if (targets.stream().anyMatch(Target::isAlive)) {
      return Finding.known(UdpReach.OPEN);
    }
    StreamOpinion opinion = streams.orElseThrow();
    List<Optional<CloseCause>> said = connected.stream().map(LocalSocket::unreachable).toList();
    boolean arrives =
        said.stream().anyMatch(cause -> cause.filter(CloseCause.REFUSED::equals).isPresent());
    if (opinion.contradictsUdp() && !arrives) {
      return isSilenceLongEnough(now)
          ? Finding.known(UdpReach.BLOCKED)
          : Finding.unknown("a server answers over TCP, but UDP was not tried often enough");
    }
    if (arrives) {
      return Finding.unknown(
          "a host said that nobody listens on that UDP port, so UDP gets out but no STUN server is"
              + " there");
    }
    if (said.stream().anyMatch(cause -> cause.filter(CloseCause.PROHIBITED::equals).isPresent())) {
      return Finding.unknown(
          "a firewall said that it forbids this, and TCP does not get out either");
    }
    return Finding.unknown(
        opinion.someHostIsThere()
            ? "the servers' hosts are there, but answer STUN neither over UDP nor over TCP"
            : "nothing came back over UDP, TCP or TLS: this host is offline or the servers are down");
  }
}
