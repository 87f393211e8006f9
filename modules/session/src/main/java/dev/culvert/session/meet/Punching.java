package dev.culvert.session.meet;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IcePolicy;
import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PunchConfig;
import dev.culvert.punch.PunchLedger;
import dev.culvert.punch.PunchMachine;
import dev.culvert.punch.PunchPlan;
import dev.culvert.punch.PunchSecret;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Deadlines;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Punches for all calls of a peer: one view of the NAT, one ledger of what was sent to whom, and
 * ids in a range of their own. What is opened becomes the session's.
 */
final class Punching {
  private static final int KEY_LENGTH = 16;

  /** At once, of all calls together: systems have a limit, and others need some, too. */
  private static final int MOST_SOCKETS = 1024;

  private static final int MOST_RELAYS = 256;

  private final long firstId;
  private final PunchConfig config;
  private final IcePolicy policy;
  private final RandomGenerator random;
  private final Listener listener;
  private final NatWatch watch;
  private final PunchLedger ledger = PunchLedger.standard();
  private final Around around = new Around();
  private final Map<Long, PunchTalk> talks = new LinkedHashMap<>();
  private final Deadlines<PunchTalk> due = new Deadlines<>();
  private final Set<PunchTalk> touched = new LinkedHashSet<>();
  private final Set<PunchTry> tries = new LinkedHashSet<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Set<InetAddress> relays = new HashSet<>();
  private List<NamedServer> servers = List.of();
  private List<LocalAddress> addresses;
  private long ranges;
  private int nextServer;

  /** Whom it serves. */
  interface Listener {
    /** A note is to be told to the peer, as the text that it is. */
    void say(long call, String note, MonotonicTime now);

    void tell(long call, PunchNews news, MonotonicTime now);
  }

  Punching(
      long firstId,
      PunchConfig config,
      IcePolicy policy,
      List<LocalAddress> addresses,
      RandomGenerator random,
      Listener listener) {
    this.firstId = firstId;
    this.config = config;
    this.policy = policy;
    this.addresses = List.copyOf(addresses);
    this.random = random;
    this.listener = listener;
    this.watch = new NatWatch(random);
  }

  /** A call was agreed on. */
  void open(Conversation its, MonotonicTime now) {
    if (policy != IcePolicy.RELAY_ONLY) {
      PunchTalk fresh = new PunchTalk(its.call(), its.isCaller(), its.link(), around);
      talks.put(its.call(), fresh);
      step(fresh, now);
    }
  }

  /** A call is over. */
  void end(long call, MonotonicTime now) {
    Optional.ofNullable(talks.remove(call))
        .ifPresent(
            its -> {
              due.remove(its);
              touched.remove(its);
              its.close(now);
            });
  }

  /** How long the way over the nodes is. */
  void measured(long call, Duration roundTrip) {
    talk(call).ifPresent(its -> its.measured(roundTrip));
  }

  /** Something of a call's path is other than before. */
  void touch(long call, MonotonicTime now) {
    talk(call).ifPresent(its -> step(its, now));
  }

  /** The peer says something; false if that is no note. */
  boolean take(long call, String text, MonotonicTime now) {
    around.now = now;
    Optional<PunchNote> note = PunchText.read(text);
    note.ifPresent(
        its ->
            talk(call)
                .ifPresent(
                    talk -> {
                      touched.add(talk);
                      talk.take(its, now);
                    }));
    return note.isPresent();
  }

  private Optional<PunchTalk> talk(long call) {
    return Optional.ofNullable(talks.get(call));
  }

  Optional<PunchPlan.Kind> plan(long call) {
    return talk(call).flatMap(PunchTalk::plan);
  }

  /** Whether a call's data goes without a relay. */
  boolean isDirect(long call) {
    return talk(call).filter(PunchTalk::isDirect).isPresent();
  }

  /** The peer has told these candidates. */
  void heard(long call, List<Candidate> candidates) {
    talk(call).ifPresent(its -> its.heard(candidates));
  }

  /** Whether there may be a path for this call yet. */
  boolean isHopeful(long call) {
    return talk(call).filter(PunchTalk::isHopeful).isPresent();
  }

  /** Other servers can be asked than before. */
  void ask(List<NamedServer> others, List<Relay> asked, MonotonicTime now) {
    if (relays.size() > MOST_RELAYS) {
      // Some node names others again and again.
      relays.clear();
    }
    asked.forEach(its -> relays.add(its.config().server().ip()));
    if (!servers.equals(others)) {
      servers = List.copyOf(others);
      stepAll(now);
    }
  }

  /** This host is in another network. */
  void use(List<LocalAddress> others, MonotonicTime now) {
    addresses = List.copyOf(others);
    around.now = now;
    watch.forget();
    talks.values().forEach(its -> its.moved(now));
    stepAll(now);
  }

  private void stepAll(MonotonicTime now) {
    List.copyOf(talks.values()).forEach(its -> step(its, now));
  }

  private void step(PunchTalk talk, MonotonicTime now) {
    around.now = now;
    touched.add(talk);
    talk.step(now);
  }

  /**
   * Takes a packet of its own.
   *
   * @return false: it is somebody else's
   */
  boolean receive(Flow from, Bytes payload, MonotonicTime now) {
    OptionalLong tag = PunchMachine.tagOf(payload);
    Optional<PunchTalk> meant = tag.isEmpty() ? Optional.empty() : ofTag(tag);
    if (meant.isPresent()) {
      meant.get().current().ifPresent(its -> its.receive(from, payload, now));
      step(meant.get(), now);
      return true;
    }
    if (watch.owns(from.id())) {
      watch.receive(from, payload, now);
      settle(now);
      return true;
    }
    Optional<PunchTalk> owner = owner(from.id());
    owner.ifPresent(
        talk -> {
          talk.current().ifPresent(its -> its.receive(from, payload, now));
          step(talk, now);
        });
    return false;
  }

  private Optional<PunchTalk> ofTag(OptionalLong tag) {
    return talks.values().stream()
        .filter(talk -> talk.current().filter(its -> its.isFor(tag)).isPresent())
        .findFirst();
  }

  /** Data comes on sockets of tries that are over, and is not looked for among all calls. */
  private Optional<PunchTalk> owner(long id) {
    return tries.stream().noneMatch(its -> its.owns(id))
        ? Optional.empty()
        : talks.values().stream()
            .filter(talk -> talk.current().filter(its -> its.owns(id)).isPresent())
            .findFirst();
  }

  void accept(Input input, MonotonicTime now) {
    long id = Ids.of(input);
    if (watch.owns(id)) {
      watch.accept(input, now);
      settle(now);
    } else {
      owner(id)
          .ifPresent(
              talk -> {
                talk.current().ifPresent(its -> its.accept(input, now));
                step(talk, now);
              });
    }
  }

  void advance(MonotonicTime now) {
    watch.advance(now);
    settle(now);
    arm();
    for (PunchTalk talk : due.poll(now)) {
      talk.current().ifPresent(its -> its.advance(now));
      step(talk, now);
    }
    if (watch.takesAgain(now)) {
      stepAll(now);
    }
  }

  private void settle(MonotonicTime now) {
    if (watch.settle(now)) {
      stepAll(now);
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    arm();
    return Stream.of(
            watch.nextDeadline(),
            talks.isEmpty() ? Optional.<MonotonicTime>empty() : watch.again(),
            due.next())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  private void arm() {
    touched.forEach(talk -> due.set(talk, talk.nextDeadline()));
    touched.clear();
  }

  Optional<Output> pollOutput() {
    Optional<Output> own = Optional.ofNullable(outputs.poll()).or(watch::pollOutput);
    if (own.isPresent()) {
      return own;
    }
    for (PunchTry each : tries) {
      Optional<Output> its = each.pollOutput();
      if (its.isPresent()) {
        return its;
      }
    }
    return Optional.empty();
  }

  private long freshRange() {
    return firstId + Tenant.RANGE * ranges++;
  }

  private final class Around implements PunchTalk.Surroundings {
    /** The time of the step that is being taken. */
    private MonotonicTime now = new MonotonicTime(0);

    @Override
    public boolean isRelay(InetAddress ip) {
      return relays.contains(ip);
    }

    @Override
    public Optional<NatTraits> view(MonotonicTime at) {
      if (watch.view().isEmpty()) {
        watch.measure(freshRange(), servers, addresses, at);
      }
      return watch.view();
    }

    @Override
    public boolean isBlind() {
      return watch.isBlind();
    }

    @Override
    public void doubt(Duration age, MonotonicTime at) {
      if (watch.measuredAt().filter(then -> at.since(then).compareTo(age) > 0).isPresent()) {
        watch.forget();
      }
    }

    @Override
    public Optional<PunchTry> look(MonotonicTime at) {
      List<NamedServer> some = servers.stream().filter(its -> its.address().isIpv4()).toList();
      Optional<LocalAddress> from = NatWatch.from(addresses);
      if (some.isEmpty() || from.isEmpty()) {
        return Optional.empty();
      }
      // Another one each time: the first may be the one that is gone.
      NamedServer server = some.get(nextServer++ % some.size());
      PunchTry fresh = new PunchTry(freshRange(), from.get(), server.address(), random);
      tries.add(fresh);
      return Optional.of(fresh);
    }

    @Override
    public void begin(
        PunchTry its,
        PunchPlan plan,
        PunchSecret secret,
        boolean leads,
        MonotonicTime start,
        Duration roundTrip,
        MonotonicTime at) {
      int taken = tries.stream().mapToInt(PunchTry::sockets).sum();
      int sockets = Math.min(config.sockets(), Math.max(1, MOST_SOCKETS - taken));
      PunchConfig left = config.withSockets(sockets, config.openings());
      its.begin(plan, left, secret, leads, start, Optional.of(roundTrip), ledger, at);
    }

    @Override
    public void over(PunchTry its) {
      tries.remove(its);
      for (Optional<Output> next = its.pollOutput(); next.isPresent(); next = its.pollOutput()) {
        outputs.add(next.get());
      }
    }

    @Override
    public void close(long socket) {
      outputs.add(new Output.Close(socket));
    }

    @Override
    public Bytes freshKey() {
      byte[] key = new byte[KEY_LENGTH];
      random.nextBytes(key);
      return Bytes.wrap(key);
    }

    @Override
    public void say(long call, PunchNote note) {
      listener.say(call, PunchText.write(note), now);
    }

    @Override
    public void tell(long call, PunchNews news) {
      listener.tell(call, news, now);
    }
  }
}
