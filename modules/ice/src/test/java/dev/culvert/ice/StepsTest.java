package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What whoever watches an agent is told. */
class StepsTest {
  private final World world = new World(1);

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimAgent agent(String address, IceConfig config) {
    InetAddress ip = ip(address);
    Link line = Link.of(Duration.ofMillis(10));
    return new SimAgent(
        world, world.internet().host(address, line, ip), ip, Optional.empty(), config);
  }

  private static Candidate candidate(CandidateAddress address, CandidateType type, int component) {
    return new Candidate(
        "1",
        new ComponentId(0, component),
        Transport.UDP,
        Priorities.of(type, Priorities.ONLY_ADDRESS, component),
        address,
        type,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void theStoryOfAnEasyConnectionIsWhole() {
    SimAgent a = agent("198.51.100.1", IceConfig.standard(IceRole.CONTROLLING));
    SimAgent b = agent("198.51.100.2", IceConfig.standard(IceRole.CONTROLLED));
    SimAgent.meet(a, b, Duration.ofMillis(40));
    world.run(Duration.ofSeconds(2));
    assertEquals(
        List.of(
            "LocalAdded",
            "LocalEnded",
            "PeerDescribed",
            "StateChanged",
            "RemoteAdded",
            "PairMade",
            "PairChanged",
            "PairChanged",
            "CheckSent",
            "RemoteEnded",
            "CheckReceived",
            "PeerBegan",
            "CheckSent",
            "CheckAnswered",
            "PairChanged",
            "CheckSent",
            "PathChosen",
            "StateChanged",
            "CheckReceived",
            "CheckSent",
            "CheckAnswered",
            "CheckAnswered",
            "Selected",
            "PathChosen",
            "StateChanged",
            "CheckReceived",
            "CheckAnswered",
            "PairWide"),
        a.steps.stream().map(step -> step.getClass().getSimpleName()).toList());
    assertEquals(
        List.of(
            CheckPurpose.ORDINARY,
            CheckPurpose.ORDINARY,
            CheckPurpose.NOMINATION,
            CheckPurpose.SIZE),
        a.steps(IceStep.CheckSent.class).stream().map(IceStep.CheckSent::purpose).toList());
    assertEquals(
        Optional.of(Duration.ofMillis(40)),
        a.steps(IceStep.CheckAnswered.class).get(0).roundTrip());
    assertEquals(
        List.of(false, true),
        b.steps(IceStep.CheckReceived.class).stream()
            .map(IceStep.CheckReceived::nominates)
            .distinct()
            .toList());
  }

  @Test
  void whatIsRefusedIsToldWithItsReason() {
    SimAgent a =
        agent(
            "198.51.100.1",
            IceConfig.standard(IceRole.CONTROLLING).withPolicy(IcePolicy.DIRECT_ONLY));
    CandidateAddress somewhere = new CandidateAddress.Ip(new TransportAddress(ip("192.0.2.1"), 9));
    List<Candidate> peers =
        List.of(
            candidate(new CandidateAddress.Named("x.local", 5), CandidateType.HOST, 1),
            candidate(somewhere, CandidateType.HOST, 2),
            candidate(
                new CandidateAddress.Ip(new TransportAddress(ip("0.0.0.0"), 9)),
                CandidateType.HOST,
                1),
            candidate(somewhere, CandidateType.RELAYED, 1));
    a.seat.execute(now -> peers.forEach(each -> a.agent.addRemote(each, now)));
    a.seat.execute(
        now ->
            a.agent.addLocal(
                new LocalCandidate(
                    peers.get(3), new Base(1, Transport.UDP, somewhere.known().orElseThrow())),
                now));
    world.run(Duration.ofSeconds(1));
    assertEquals(
        List.of(
            "its address is not known",
            "there is no such component",
            "nobody has that address",
            "the policy leaves it out"),
        a.steps(IceStep.RemoteRefused.class).stream().map(IceStep.RemoteRefused::reason).toList());
    assertEquals("the policy leaves it out", a.steps(IceStep.LocalRefused.class).get(0).reason());
  }

  @Test
  void aPathThatBreaksIsToldStepByStep() {
    SimAgent a = agent("198.51.100.1", IceConfig.standard(IceRole.CONTROLLING));
    SimAgent b = agent("198.51.100.2", IceConfig.standard(IceRole.CONTROLLED));
    SimAgent.meet(a, b, Duration.ofMillis(40));
    world.run(Duration.ofSeconds(2));
    b.seat.stop();
    world.run(Duration.ofMinutes(1));
    assertEquals(1, a.steps(IceStep.PairSilent.class).size());
    assertEquals(1, a.steps(IceStep.ConsentLost.class).size());
    assertEquals(1, a.steps(IceStep.PathLost.class).size());
    assertEquals(
        List.of(new IceStep.Failed(IceFailure.CONSENT_EXPIRED)), a.steps(IceStep.Failed.class));
    assertTrue(
        a.steps(IceStep.PairChanged.class).stream()
            .anyMatch(step -> step.reason().equals("the other side consents no more")));
  }
}
