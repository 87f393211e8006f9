package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceParameters;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.TcpType;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceSdp;
import dev.culvert.ice.text.IceTextException;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.IceControlling;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.UseCandidate;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Two peers of one session that keep no rule, each against the other's link, too. The third link is
 * to somebody who has not begun and whose password nobody knows: whatever they do, it gets no path.
 */
final class HostilePeers {
  private static final int MOST_PAIRS = 100;

  /** What one thing that came may make the session send: answers, checks, closes. */
  private static final int MOST_OUTPUTS = 400;

  private final IntUnaryOperator choose;
  private final Random random;
  private final PeerSession session;
  private final List<PeerLink> links = new ArrayList<>();
  private final List<IceCredentials> peers = new ArrayList<>();
  private final List<Output.Send> checks = new ArrayList<>();
  private final List<Bytes> seen = new ArrayList<>();
  private final IceCredentials stranger;
  private MonotonicTime now = new MonotonicTime(0);
  private Optional<TransportAddress> socket = Optional.empty();
  private long connections = -1;
  private int requests;
  private int replies;

  /**
   * A session that two are about to attack.
   *
   * @param choose a number from 0 to below its argument, as an attacker would choose
   */
  HostilePeers(IntUnaryOperator choose) {
    this.choose = choose;
    this.random = new Random(choose.applyAsInt(1 << 16));
    SessionConfig config =
        SessionConfig.of(
            List.of(new LocalAddress("eth0", IpLiterals.parse("198.51.100.1").orElseThrow())));
    this.session = new PeerSession(config, new Random(choose.applyAsInt(1 << 16)));
    this.stranger = IceCredentials.random(new Random(-1));
    for (int i = 0; i < 3; i++) {
      links.add(open());
      peers.add(i < 2 ? IceCredentials.random(random) : stranger);
    }
    links
        .get(2)
        .remote(
            new IceDescription(
                new IceParameters(stranger, false, Set.of(), Optional.empty()),
                candidates(5),
                false),
            now);
    drain();
  }

  private PeerLink open() {
    return session.open(
        IceConfig.standard(chance(2) ? IceRole.CONTROLLING : IceRole.CONTROLLED), now);
  }

  private <T> T oneOf(T[] all) {
    return List.of(all).get(choose.applyAsInt(all.length));
  }

  private boolean chance(int oneIn) {
    return choose.applyAsInt(oneIn) == 0;
  }

  /** Does one thing to the session, and sees that it stays sound. */
  void step() {
    int who = choose.applyAsInt(2);
    switch (choose.applyAsInt(16)) {
      case 0 -> links.get(who).remote(description(peers.get(who), candidates(3)), now);
      case 1 ->
          candidates(chance(10) ? 2_000 : 5).forEach(each -> links.get(who).addRemote(each, now));
      case 2, 3, 4 -> session.receive(from(), request(who), now);
      case 5, 6, 7 -> answer(who);
      case 8 -> session.receive(from(), junk(), now);
      case 9 -> replay();
      case 10 -> session.receive(from(), Bytes.of(0x80, who, choose.applyAsInt(256)), now);
      case 11 -> stream(who);
      case 12 -> signal(who);
      case 13 -> text(who);
      case 14 -> links.get(who).send(Bytes.of(0x80, 1), now);
      default -> {
        now = now.plus(Duration.ofMillis(choose.applyAsInt(400)));
        session.advance(now);
      }
    }
    drain();
    check();
  }

  /** Sees that nothing is left once it ends. */
  void end() {
    session.close(now);
    drain();
    assertEquals(List.of(), session.links());
    assertEquals(Optional.empty(), session.nextDeadline());
  }

  private void check() {
    for (PeerLink link : links) {
      assertTrue(link.fates().size() <= MOST_PAIRS, "more pairs than it may keep");
    }
    assertEquals(Optional.empty(), links.get(2).path(), "a path to whom nobody could answer for");
    assertTrue(replies <= requests, replies + " replies to " + requests + " requests");
  }

  private IceDescription description(IceCredentials credentials, List<Candidate> candidates) {
    return new IceDescription(
        new IceParameters(
            credentials,
            chance(8),
            chance(2) ? Set.of(IceParameters.RENOMINATION) : Set.of("x".repeat(200)),
            Optional.of(Duration.ofMillis(choose.applyAsInt(2_000))),
            chance(4) ? Optional.of(credentials.ufrag()) : Optional.empty()),
        candidates,
        chance(3));
  }

  private List<Candidate> candidates(int count) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean tcp = chance(6);
      CandidateAddress address =
          chance(12)
              ? new CandidateAddress.Named("n" + choose.applyAsInt(1000) + ".local", 5000)
              : new CandidateAddress.Ip(somewhere());
      all.add(
          new Candidate(
              String.valueOf(choose.applyAsInt(9)),
              chance(9) ? new ComponentId(1, 2) : ComponentId.ONLY,
              tcp ? Transport.TCP : Transport.UDP,
              1 + choose.applyAsInt(0x7fff_fff0),
              address,
              oneOf(CandidateType.values()),
              Optional.empty(),
              tcp ? Optional.of(oneOf(TcpType.values())) : Optional.empty()));
    }
    return all;
  }

  private TransportAddress somewhere() {
    String ip =
        switch (choose.applyAsInt(8)) {
          case 0 -> "0.0.0.0";
          case 1 -> "224.0.0.1";
          case 2 -> "2001:db8::1";
          case 3 -> "255.255.255.255";
          default -> "198.51.100." + (1 + choose.applyAsInt(4));
        };
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), choose.applyAsInt(65_536));
  }

  private Flow from() {
    TransportAddress local =
        socket.orElseGet(
            () -> new TransportAddress(IpLiterals.parse("198.51.100.1").orElseThrow(), 1));
    TransportAddress remote =
        new TransportAddress(
            IpLiterals.parse("198.51.100." + (2 + choose.applyAsInt(3))).orElseThrow(),
            1 + choose.applyAsInt(chance(2) ? 3 : 2_000));
    return new Flow(chance(20) ? choose.applyAsInt(9) : 0, Transport.UDP, local, remote);
  }

  private Bytes junk() {
    byte[] junk = new byte[choose.applyAsInt(200)];
    random.nextBytes(junk);
    return Bytes.wrap(junk);
  }

  /** A check to any of the three, as its peer or as somebody who is not. */
  private Bytes request(int who) {
    IceCredentials own = links.get(choose.applyAsInt(3)).description().parameters().credentials();
    IceCredentials told = chance(6) ? stranger : peers.get(who);
    // Passwords of the attacked are known to their own peers alone.
    boolean knows =
        own.equals(links.get(who).description().parameters().credentials()) && !chance(10);
    String password = knows ? own.password() : peers.get(who).password();
    List<Attribute> says = new ArrayList<>();
    if (!chance(10)) {
      says.add(new Username(own.ufrag() + (chance(10) ? "" : ":" + told.ufrag())));
    }
    if (!chance(10)) {
      says.add(new Priority(choose.applyAsInt(Integer.MAX_VALUE)));
    }
    if (chance(3)) {
      says.add(new UseCandidate());
    }
    says.add(
        chance(2) ? new IceControlling(random.nextLong()) : new IceControlled(random.nextLong()));
    StunMessage message =
        new StunMessage(
            chance(20) ? MessageClass.INDICATION : MessageClass.REQUEST,
            chance(20) ? Method.REFRESH : Method.BINDING,
            TransactionId.random(random),
            says);
    requests++;
    Bytes wire =
        StunCodec.encode(
            message, Protection.sha1(IntegrityKey.shortTerm(password)).withFingerprint());
    keep(wire);
    return wire;
  }

  private void keep(Bytes wire) {
    if (seen.size() < 500) {
      seen.add(wire);
    } else {
      seen.set(choose.applyAsInt(seen.size()), wire);
    }
  }

  /** Answers a check that went to somebody, perhaps to another one, as an attacker can. */
  private void answer(int who) {
    if (checks.isEmpty()) {
      return;
    }
    Output.Send asked = checks.get(choose.applyAsInt(checks.size()));
    StunMessage question =
        StunCodec.decode(asked.payload()).packet().orElseThrow().message().withoutProtection();
    int[] codes = {300, 400, 401, 420, 487, 487, 500};
    StunMessage response =
        switch (choose.applyAsInt(3)) {
          case 0 -> question.errorResponse(codes[choose.applyAsInt(codes.length)]);
          case 1 -> question.successResponse();
          default -> question.successResponse(new XorMappedAddress(somewhere()));
        };
    Bytes wire =
        StunCodec.encode(
            response,
            Protection.sha1(IntegrityKey.shortTerm(peers.get(who).password())).withFingerprint());
    keep(wire);
    session.receive(chance(6) ? from() : asked.flow(), wire, now);
  }

  /** Whatever was seen comes again, from anywhere, perhaps changed. */
  private void replay() {
    if (seen.isEmpty()) {
      return;
    }
    byte[] bytes = seen.get(choose.applyAsInt(seen.size())).toByteArray();
    if (chance(2)) {
      bytes[choose.applyAsInt(bytes.length)] ^= (byte) (1 << choose.applyAsInt(8));
    }
    requests++;
    session.receive(from(), Bytes.wrap(bytes), now);
  }

  /** Connects, and sends what is cut anywhere. */
  private void stream(int who) {
    Flow udp = from();
    if (chance(2)) {
      connections--;
      Flow flow = new Flow(connections, Transport.TCP, udp.local(), udp.remote());
      session.accept(new Input.Opened(flow), now);
    }
    Flow flow = new Flow(connections, Transport.TCP, udp.local(), udp.remote());
    Bytes whole = LengthFraming.frame(chance(2) ? request(who) : junk());
    int cut = choose.applyAsInt(whole.length() + 1);
    session.receive(flow, whole.slice(0, cut), now);
    session.receive(flow, whole.slice(cut), now);
    if (chance(4)) {
      session.accept(new Input.Closed(connections, CloseCause.RESET, "reset"), now);
    }
  }

  private void signal(int who) {
    switch (choose.applyAsInt(8)) {
      case 0 -> peers.set(who, IceCredentials.random(random));
      // Both claim one name, or that of this very side.
      case 1 -> peers.set(who, new IceCredentials(peers.get(1 - who).ufrag(), "p".repeat(24)));
      case 2 -> {
        String own = links.get(who).description().parameters().credentials().ufrag();
        peers.set(who, new IceCredentials(own, "q".repeat(24)));
      }
      case 3 -> links.get(who).restart(now);
      case 4 -> {
        links.get(who).close(now);
        links.set(who, open());
      }
      case 5 -> links.get(who).endRemote(now);
      case 6 -> links.get(who).peerBegan(now);
      default -> session.accept(new Input.Unreachable(from(), oneOf(CloseCause.values())), now);
    }
  }

  /** SDP that is too long, too many, or nonsense. */
  private void text(int who) {
    String line =
        "a=candidate:" + junk().hex() + " 1 udp 1 198.51.100.2 " + choose.applyAsInt(70_000);
    String sdp =
        "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
            + (line + " typ host\r\n").repeat(chance(20) ? 5_000 : 3);
    try {
      links.get(who).remote(IceSdp.parse(sdp), now);
    } catch (IceTextException e) {
      assertTrue(String.valueOf(e.getMessage()).lines().count() == 1, e.getMessage());
    }
  }

  private void drain() {
    int count = 0;
    Optional<Output> next = session.pollOutput();
    while (next.isPresent()) {
      count++;
      take(next.get());
      next = session.pollOutput();
    }
    assertTrue(count <= MOST_OUTPUTS, count + " things to do at once");
    for (Optional<SessionEvent> event = session.pollEvent();
        event.isPresent();
        event = session.pollEvent()) {
      if (event.get() instanceof SessionEvent.Ice told
          && told.event() instanceof IceEvent.Received received) {
        assertTrue(
            links.indexOf(told.link()) != 2, () -> "data for the third link: " + received.from());
      }
    }
    Optional<MonotonicTime> due = session.nextDeadline();
    for (int i = 0; due.isPresent() && !now.isBefore(due.get()); i++) {
      assertTrue(i < 1_000, "it wants to be advanced without end");
      session.advance(now);
      while (session.pollOutput().isPresent() || session.pollEvent().isPresent()) {
        // What it does meanwhile is seen when it does it later.
      }
      due = session.nextDeadline();
    }
  }

  private void take(Output output) {
    if (output instanceof Output.Bind bind) {
      TransportAddress local = bind.local().withPort(4_000);
      socket = Optional.of(local);
      session.accept(new Input.Bound(bind.id(), local, true), now);
    } else if (output instanceof Output.Ask ask && chance(2)) {
      session.accept(
          new Input.Answered(ask.id(), new Answer.Addresses(List.of(somewhere().ip()))), now);
    } else if (output instanceof Output.Send send) {
      Optional<StunPacket> packet = StunCodec.decode(send.payload()).packet();
      if (packet.isPresent() && packet.get().message().messageClass() == MessageClass.REQUEST) {
        if (checks.size() < 50) {
          checks.add(send);
        } else {
          checks.set(choose.applyAsInt(checks.size()), send);
        }
        keep(send.payload());
      } else if (packet.isPresent()) {
        replies++;
      }
    }
  }
}
