package dev.culvert.turn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUsers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TurnMachineTest {
  private static final MonotonicTime NOW = new MonotonicTime(0);
  private static final TransportAddress SITE = at("203.0.113.10");
  private static final TransportAddress CLIENT = at("198.51.100.1");
  private final SplittableRandom random = new SplittableRandom(1);
  private final TurnMachine machine =
      new TurnMachine(
          new TurnServer(
              TurnServerConfig.standard(),
              new RelayResources(
                  List.of(RelayAddress.of(SITE.ip())),
                  PortRange.DYNAMIC,
                  TurnLimits.STANDARD,
                  random),
              new StaticUsers(new RelayRealm("example.org"), List.of()),
              new StatelessNonces(
                  Bytes.utf8("sixteen bytes or more"), () -> Instant.EPOCH, Duration.ofMinutes(1)),
              ResponseGate.OPEN,
              random),
          List.of(SITE),
          List.of());

  private static TransportAddress at(String ip) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 3478);
  }

  private Output next() {
    return machine.pollOutput().orElseThrow();
  }

  private StunMessage request(Method method) {
    return new StunMessage(
        MessageClass.REQUEST,
        method,
        TransactionId.random(random),
        method.equals(Method.ALLOCATE)
            ? List.of(new RequestedTransport(RequestedTransport.UDP))
            : List.of());
  }

  private static StunMessage answer(Output output) {
    return StunCodec.decode(((Output.Send) output).payload()).packet().orElseThrow().message();
  }

  @Test
  void answersBindingRequestsAndHandsTheRestToTheRelayOverUdpAndTcp() {
    assertEquals(new Output.Bind(0, SITE), next());
    Flow udp = new Flow(0, Transport.UDP, SITE, CLIENT);
    Flow tcp = new Flow(-5, Transport.TCP, SITE, CLIENT);
    machine.accept(new Input.Opened(tcp), NOW);
    for (Flow flow : List.of(udp, tcp)) {
      machine.receive(flow, StunCodec.encode(request(Method.BINDING)), NOW);
      Output binding = next();
      assertEquals(flow, ((Output.Send) binding).flow());
      assertEquals(CLIENT, answer(binding).first(XorMappedAddress.class).orElseThrow().address());
      machine.receive(flow, StunCodec.encode(request(Method.ALLOCATE)), NOW);
      Output challenge = next();
      assertEquals(flow, ((Output.Send) challenge).flow());
      assertEquals(401, answer(challenge).error().orElseThrow().code());
    }
    assertTrue(machine.pollOutput().isEmpty());
  }

  @Test
  void closesAConnectionThatCarriesNoStun() {
    next();
    machine.accept(new Input.Opened(new Flow(-5, Transport.TCP, SITE, CLIENT)), NOW);
    machine.receive(
        new Flow(-5, Transport.TCP, SITE, CLIENT), Bytes.utf8("\u00ffGET / HTTP/1.1"), NOW);
    assertEquals(new Output.Close(-5), next());
  }

  @Test
  void tellsThatAnAddressIsTaken() {
    machine.accept(new Input.BindFailed(0, "the port is in use"), NOW);
    assertEquals(
        new TurnMachine.Event.NotBound(SITE, "the port is in use"),
        machine.pollEvent().orElseThrow());
  }
}
