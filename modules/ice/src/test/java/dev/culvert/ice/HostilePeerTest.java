package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.IceControlling;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.UseCandidate;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer that knows the credentials and keeps no rule: the agent throws nothing, sends nothing that
 * was not asked of it, and what it keeps stays bounded.
 */
class HostilePeerTest {
  private static final Base BASE = new Base(1, Transport.UDP, at("198.51.100.1", 4000));
  private static final Base LISTENS = new Base(2, Transport.TCP, at("198.51.100.1", 4001));
  private static final Base CONNECTS = new Base(3, Transport.TCP, at("198.51.100.1", 9));
  private static final int STEPS = 3_000;
  private static final int MOST = 100;

  private final List<Output.Send> unanswered = new ArrayList<>();
  private final List<Bytes> seen = new ArrayList<>();
  private MonotonicTime now = new MonotonicTime(0);
  private final List<Output.Open> asked = new ArrayList<>();
  private final List<Flow> open = new ArrayList<>();
  private long connections;
  private final Set<Long> mine = new HashSet<>();
  private int received;
  private int replies;

  private static TransportAddress at(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void nothingThePeerDoesBreaksTheAgent(int seed) {
    Random random = new Random(seed);
    IceConfig config =
        IceConfig.standard(random.nextBoolean() ? IceRole.CONTROLLING : IceRole.CONTROLLED);
    IceAgent agent =
        new IceAgent(
            random.nextInt(4) == 0 ? config.withLite() : config,
            new Random(seed),
            () -> 100 + ++connections);
    begin(agent, random);
    IceCredentials peer = IceCredentials.random(random);
    for (int i = 0; i < STEPS; i++) {
      peer = step(agent, peer, random);
      drain(agent);
      assertTrue(agent.fates().size() <= MOST, "seed " + seed);
      assertTrue(mine.size() <= MOST, "seed " + seed);
    }
    assertTrue(replies <= received, replies + " replies to " + received + " requests");
    agent.close();
    drain(agent);
    assertEquals(Optional.empty(), agent.nextDeadline());
    assertEquals(Set.of(), mine, "connections that it opened and left, seed " + seed);
  }

  private IceCredentials step(IceAgent agent, IceCredentials peer, Random random) {
    switch (random.nextInt(13)) {
      case 12 -> connect(agent, random);
      case 0 ->
          agent.remote(
              new IceParameters(
                  peer,
                  random.nextInt(8) == 0,
                  Set.of(IceParameters.RENOMINATION),
                  Optional.of(Duration.ofMillis(random.nextInt(2000)))),
              now);
      case 1 -> {
        TransportAddress address = somewhere(random);
        CandidateType type = List.of(CandidateType.values()).get(random.nextInt(4));
        agent.addRemote(candidate(address, type, random), now);
      }
      case 2, 3, 4 -> {
        received++;
        agent.receive(from(random), request(agent, peer, random), now);
      }
      case 5, 6 -> answer(agent, peer, random);
      case 7 -> {
        byte[] junk = new byte[random.nextInt(200)];
        random.nextBytes(junk);
        agent.receive(from(random), Bytes.wrap(junk), now);
      }
      case 8 -> {
        if (!seen.isEmpty()) {
          received++;
          agent.receive(from(random), mangled(seen.get(random.nextInt(seen.size())), random), now);
        }
      }
      case 9 ->
          agent.accept(
              new Input.Unreachable(
                  from(random),
                  List.of(CloseCause.values()).get(random.nextInt(CloseCause.values().length))),
              now);
      case 10 -> {
        agent.send(ComponentId.ONLY, Bytes.of(0x80, 1, 2), now);
        if (random.nextInt(200) == 0) {
          agent.restart(now);
          begin(agent, random);
        }
        if (random.nextInt(100) == 0) {
          return IceCredentials.random(random);
        }
      }
      default -> {
        now = now.plus(Duration.ofMillis(random.nextInt(300)));
        agent.advance(now);
      }
    }
    return peer;
  }

  private void begin(IceAgent agent, Random random) {
    agent.addLocal(
        new LocalCandidate(candidate(BASE.address(), CandidateType.HOST, random), BASE), now);
    agent.addLocal(
        new LocalCandidate(tcp(LISTENS.address(), TcpType.PASSIVE, random), LISTENS), now);
    agent.addLocal(
        new LocalCandidate(tcp(CONNECTS.address(), TcpType.ACTIVE, random), CONNECTS), now);
  }

  private void connect(IceAgent agent, Random random) {
    Flow any =
        new Flow(-1 - random.nextInt(500), Transport.TCP, LISTENS.address(), somewhere(random));
    switch (random.nextInt(4)) {
      case 0 -> {
        open.add(any);
        agent.accept(new Input.Opened(any), now);
      }
      case 1 -> {
        if (!asked.isEmpty()) {
          Output.Open one = asked.remove(random.nextInt(asked.size()));
          Flow flow = new Flow(one.id(), Transport.TCP, at("198.51.100.1", 5001), one.remote());
          open.add(flow);
          agent.accept(new Input.Opened(flow), now);
        }
      }
      case 2 -> {
        if (!open.isEmpty()) {
          Flow gone = open.remove(random.nextInt(open.size()));
          mine.remove(gone.id());
          agent.accept(new Input.Closed(gone.id(), CloseCause.RESET, "hostile"), now);
        }
      }
      default ->
          agent.addRemote(
              tcp(somewhere(random), List.of(TcpType.values()).get(random.nextInt(3)), random),
              now);
    }
  }

  private static Candidate tcp(TransportAddress address, TcpType type, Random random) {
    return new Candidate(
        String.valueOf(random.nextInt(5)),
        ComponentId.ONLY,
        Transport.TCP,
        1 + random.nextInt(0x7fff_fff0),
        new CandidateAddress.Ip(address),
        CandidateType.HOST,
        Optional.empty(),
        Optional.of(type));
  }

  private void poll(IceAgent agent) {
    for (Optional<Output> next = agent.pollOutput(); next.isPresent(); next = agent.pollOutput()) {
      if (next.get() instanceof Output.Open wanted) {
        asked.add(wanted);
        mine.add(wanted.id());
      } else if (next.get() instanceof Output.Close close) {
        mine.remove(close.id());
      }
      if (!(next.get() instanceof Output.Send send)) {
        continue;
      }
      Optional<StunPacket> packet = StunCodec.decode(send.payload()).packet();
      if (packet.isPresent() && packet.get().message().messageClass() == MessageClass.REQUEST) {
        unanswered.add(send);
        if (unanswered.size() > 50) {
          unanswered.remove(0);
        }
      } else if (packet.isPresent()) {
        replies++;
      }
    }
    while (agent.pollEvent().isPresent()) {
      // What it tells is for others to judge.
    }
  }

  private void drain(IceAgent agent) {
    poll(agent);
    Optional<MonotonicTime> next = agent.nextDeadline();
    // It may be due now, but not for ever.
    for (int i = 0; next.isPresent() && !now.isBefore(next.get()); i++) {
      assertTrue(i < 1000, "it wants to be advanced without end");
      agent.advance(now);
      poll(agent);
      next = agent.nextDeadline();
    }
  }

  private static TransportAddress somewhere(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> at("0.0.0.0", 1);
      case 1 -> at("224.0.0.1", 5000);
      case 2 -> at("2001:db8::1", 5000);
      case 3 -> at("198.51.100.2", 0);
      default -> at("198.51.100." + (2 + random.nextInt(3)), 1 + random.nextInt(2000));
    };
  }

  private static Candidate candidate(TransportAddress address, CandidateType type, Random random) {
    return new Candidate(
        String.valueOf(random.nextInt(5)),
        ComponentId.ONLY,
        Transport.UDP,
        1 + random.nextInt(0x7fff_fff0),
        new CandidateAddress.Ip(address),
        type,
        Optional.empty(),
        Optional.empty());
  }

  private Flow from(Random random) {
    if (!open.isEmpty() && random.nextInt(4) == 0) {
      return open.get(random.nextInt(open.size()));
    }
    TransportAddress remote =
        at(
            "198.51.100." + (2 + random.nextInt(3)),
            1 + random.nextInt(random.nextBoolean() ? 3 : 2000));
    return random.nextInt(20) == 0
        ? new Flow(9, Transport.UDP, at("192.0.2.77", 1), remote)
        : BASE.to(remote);
  }

  private Bytes request(IceAgent agent, IceCredentials peer, Random random) {
    List<Attribute> says = new ArrayList<>();
    IceCredentials own = agent.parameters().credentials();
    if (random.nextInt(10) > 0) {
      says.add(new Username(own.ufrag() + (random.nextInt(10) > 0 ? ":" + peer.ufrag() : "")));
    }
    if (random.nextInt(10) > 0) {
      says.add(new Priority(random.nextInt() & 0xffff_ffffL));
    }
    if (random.nextInt(3) == 0) {
      says.add(new UseCandidate());
    }
    if (random.nextInt(3) == 0) {
      says.add(new Nomination(random.nextInt()).attribute());
    }
    says.add(
        random.nextBoolean()
            ? new IceControlling(random.nextLong())
            : new IceControlled(random.nextLong()));
    StunMessage message =
        new StunMessage(
            random.nextInt(20) == 0 ? MessageClass.INDICATION : MessageClass.REQUEST,
            random.nextInt(20) == 0 ? Method.REFRESH : Method.BINDING,
            TransactionId.random(random),
            says);
    String password = random.nextInt(10) > 0 ? own.password() : peer.password();
    Bytes wire =
        StunCodec.encode(
            message, Protection.sha1(IntegrityKey.shortTerm(password)).withFingerprint());
    seen.add(wire);
    return wire;
  }

  private void answer(IceAgent agent, IceCredentials peer, Random random) {
    if (unanswered.isEmpty()) {
      return;
    }
    Output.Send asked = unanswered.get(random.nextInt(unanswered.size()));
    StunMessage question =
        StunCodec.decode(asked.payload()).packet().orElseThrow().message().withoutProtection();
    int[] codes = {300, 400, 401, 420, ErrorCode.ROLE_CONFLICT, ErrorCode.ROLE_CONFLICT, 500};
    StunMessage response =
        switch (random.nextInt(3)) {
          case 0 -> question.errorResponse(codes[random.nextInt(codes.length)]);
          case 1 -> question.successResponse();
          default ->
              question.successResponse(
                  new XorMappedAddress(
                      random.nextBoolean()
                          ? BASE.address()
                          : at("203.0.113.9", random.nextInt(65536))));
        };
    String password =
        random.nextInt(8) > 0 ? peer.password() : agent.parameters().credentials().password();
    Bytes wire =
        StunCodec.encode(
            response, Protection.sha1(IntegrityKey.shortTerm(password)).withFingerprint());
    agent.receive(random.nextInt(6) > 0 ? asked.flow() : from(random), wire, now);
  }

  private static Bytes mangled(Bytes wire, Random random) {
    byte[] bytes = wire.toByteArray();
    if (random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return Bytes.wrap(bytes);
  }
}
