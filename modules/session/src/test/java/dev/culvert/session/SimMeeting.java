package dev.culvert.session;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Host;
import dev.culvert.sansio.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Two sessions behind two profiles, a relay and STUN server on s1, another relay on s2, and what
 * chance makes of lines and signalling.
 */
final class SimMeeting {
  static final Duration PATIENCE = Duration.ofMillis(39_500);
  private static final LinkSpec NEAR = LinkSpec.parse("delay:5ms");
  final SimWorld lab;
  final SimRelay relay;
  final SimRelay spare;
  SimPeer a;
  final SimPeer b;
  final SimWatch watch;
  private final Random chance;
  private final Relays relays;
  private final IcePolicy policyA;
  private final IcePolicy policyB;

  private SimMeeting(SimWorld lab, IcePolicy policyA, IcePolicy policyB, Relays relays) {
    this.lab = lab;
    this.relays = relays;
    this.policyA = policyA;
    this.policyB = policyB;
    this.chance = new Random(lab.spec().seed() * 31 + 7);
    this.relay = SimRelay.on(lab, "s1");
    this.spare = SimRelay.on(lab, "s2");
    this.watch = new SimWatch(this);
    this.a = new SimPeer(lab.world(), lab.host("a"), config("a"));
    this.b = new SimPeer(lab.world(), lab.host("b"), config("b"));
    watch.follow("a", a, policyA);
    watch.follow("b", b, policyB);
  }

  /** Whom both may ask for an allocation. */
  enum Relays {
    NONE,
    UDP,
    UDP_AND_TCP,
    TWO_OVER_UDP
  }

  /** What there is to choose before two meet. */
  static final class Plan {
    private final Profile one;
    private final Profile other;
    private final long seed;
    private LinkSpec lineA = NEAR;
    private LinkSpec lineB = NEAR;
    private IcePolicy policyA = IcePolicy.PREFER_DIRECT;
    private IcePolicy policyB = IcePolicy.PREFER_DIRECT;
    private Relays relays = Relays.UDP_AND_TCP;

    private Plan(Profile one, Profile other, long seed) {
      this.one = one;
      this.other = other;
      this.seed = seed;
    }

    Plan lines(LinkSpec ofA, LinkSpec ofB) {
      lineA = ofA;
      lineB = ofB;
      return this;
    }

    Plan policies(IcePolicy ofA, IcePolicy ofB) {
      policyA = ofA;
      policyB = ofB;
      return this;
    }

    Plan policy(IcePolicy ofBoth) {
      return policies(ofBoth, ofBoth);
    }

    Plan relays(Relays which) {
      relays = which;
      return this;
    }

    SimMeeting build() {
      boolean shared = SimReach.share(one, other);
      LabSpecBuilder builder = LabSpec.builder().seed(seed);
      builder.home("a", shared ? one : alone(one)).home("b", shared ? other : alone(other));
      builder.link("a", lineA).link("b", lineB);
      return new SimMeeting(SimWorld.up(builder.build()), policyA, policyB, relays);
    }

    private static Profile alone(Profile profile) {
      return new Profile(profile.name(), profile.summary(), profile.routers(), false);
    }
  }

  static Plan between(String one, String other, long seed) {
    return between(Profile.named(one).orElseThrow(), Profile.named(other).orElseThrow(), seed);
  }

  static Plan between(Profile one, Profile other, long seed) {
    return new Plan(one, other, seed);
  }

  /** A line that takes so long each way, and loses nothing. */
  static LinkSpec line(Duration delay) {
    return new LinkSpec(delay, Duration.ZERO, 0, 0, 0, 0, 0);
  }

  /** Lines with round trips of 5 to 300 ms and losses of 0 to 10 % from end to end. */
  static LinkSpec roughLine(Random chance) {
    Duration delay = Duration.ofMillis(2 + chance.nextInt(73));
    double loss = chance.nextInt(4) == 0 ? 0 : chance.nextDouble() * 0.05;
    double twice = chance.nextInt(2) == 0 ? 0 : chance.nextDouble() * 0.05;
    double overtaking = chance.nextInt(2) == 0 ? 0 : chance.nextDouble() * 0.05;
    Duration jitter = delay.multipliedBy(chance.nextInt(3)).dividedBy(4);
    return new LinkSpec(delay, jitter, loss, twice, overtaking, 0, 0);
  }

  InetAddress ip(String host) {
    return lab.addresses().getOrDefault(host, List.of()).get(0);
  }

  Host host(String name) {
    return lab.host(name);
  }

  SessionConfig config(String host) {
    Relay first = relay.over(Transport.UDP);
    List<Relay> all =
        switch (relays) {
          case NONE -> List.of();
          case UDP -> List.of(first);
          case UDP_AND_TCP -> List.of(first, relay.over(Transport.TCP));
          case TWO_OVER_UDP -> List.of(first, spare.over(Transport.UDP));
        };
    return SessionConfig.of(List.of(new LocalAddress("eth0", ip(host))))
        .asking(List.of(relay.stun()))
        .relaying(all);
  }

  /** Both begin at once, a controls, and signalling takes 40 ms. */
  SimMeeting meet() {
    Duration delay = Duration.ofMillis(40);
    a.meet(b, configOf(IceRole.CONTROLLING, policyA), delay);
    b.meet(a, configOf(IceRole.CONTROLLED, policyB), delay);
    return this;
  }

  /** Chance says who begins when, who controls, and how they tell each other. */
  SimMeeting meetByChance() {
    boolean aFirst = chance.nextBoolean();
    Duration skew = Duration.ofMillis(chance.nextInt(2000));
    Duration slow = Duration.ofMillis(1 + chance.nextInt(500));
    int roles = chance.nextInt(4);
    IceRole roleA = roles % 2 == 0 ? IceRole.CONTROLLING : IceRole.CONTROLLED;
    IceRole roleB = roles < 2 ? roleA.opposite() : roleA;
    boolean tricklesA = chance.nextInt(3) > 0;
    boolean tricklesB = chance.nextInt(3) > 0;
    Runnable one = () -> begin(a, b, roleA, policyA, slow, tricklesA);
    Runnable other = () -> begin(b, a, roleB, policyB, slow, tricklesB);
    (aFirst ? one : other).run();
    lab.world().schedule(skew, aFirst ? other : one);
    return this;
  }

  private void begin(
      SimPeer peer, SimPeer other, IceRole role, IcePolicy policy, Duration slow, boolean trickle) {
    peer.meet(
        other,
        configOf(role, policy),
        () -> Duration.ofMillis(1 + chance.nextLong(slow.toMillis())),
        trickle);
  }

  static IceConfig configOf(IceRole role, IcePolicy policy) {
    return IceConfig.standard(role).withPolicy(policy).withPatience(PATIENCE);
  }

  /** Both send something so often from now on, whether there is a path or not. */
  SimMeeting chat(Duration every) {
    a.say();
    b.say();
    lab.world().schedule(every, () -> chat(every));
    return this;
  }

  /** Whether each has heard something of the other. */
  boolean bothHear() {
    return a.heard() >= 0 && b.heard() >= 0;
  }

  /** Lets time pass until both have selected the same pair. */
  boolean agree(Duration limit) {
    return await(this::agree, limit);
  }

  /** The same until something holds; whatever must hold is looked at after each event. */
  boolean await(BooleanSupplier done, Duration limit) {
    boolean[] is = new boolean[1];
    lab.await(() -> !watch.holds() || (is[0] = done.getAsBoolean()), limit);
    return is[0];
  }

  /** Lets time pass; whatever must hold is looked at after each event. */
  void pass(Duration time) {
    lab.await(() -> !watch.holds(), time);
  }

  /** The process of a ends without a word; another one begins there and calls b. */
  void replaceA() {
    a.seat.stop();
    a = new SimPeer(lab.world(), lab.host("a"), config("a"));
    watch.follow("a", a, policyA);
    b.knows(a);
    a.meet(b, configOf(IceRole.CONTROLLING, policyA), Duration.ofMillis(40));
  }

  /** What was told before does not count from now on. */
  void forget() {
    a.events.clear();
    b.events.clear();
  }

  /** Whether both send on the same pair, and it is the selected one. */
  boolean agree() {
    return a.state() == IceState.COMPLETED
        && b.state() == IceState.COMPLETED
        && SimWatch.fit(a.path(), b.path());
  }

  IcePath path() {
    return a.path().orElseThrow();
  }

  /** Whether a relay stands in the way, also one that a side knows by its checks alone. */
  boolean isRelayed() {
    InetAddress remote = path().flow().remote().ip();
    return path().isRelayed()
        || remote.equals(relay.address.ip())
        || remote.equals(spare.address.ip());
  }

  /** Everything that helps to find a fault. */
  String story() {
    return a.state() + " " + b.state() + "\na: " + a.path() + "\nb: " + b.path() + "\na: "
        + a.fates() + "\nb: " + b.fates() + "\n" + watch;
  }
}
