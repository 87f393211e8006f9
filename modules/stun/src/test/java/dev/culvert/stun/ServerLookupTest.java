package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerLookupTest {
  private final List<Question> asked = new ArrayList<>();
  private long nextId = 100;

  @ParameterizedTest
  @CsvSource({
    "stun:192.0.2.1, 192.0.2.1:3478",
    "stun:192.0.2.1:1, 192.0.2.1:1",
    "stun:[2001:db8::1], [2001:db8::1]:3478",
    "turns:192.0.2.1, 192.0.2.1:5349",
  })
  void aLiteralIsItself(String uri, String address) {
    assertEquals(address, addresses(run(uri, Map.of())));
    assertEquals(List.of(), asked);
  }

  @Test
  void aPortMeansThatTheNameIsAHost() {
    assertEquals(
        "192.0.2.1:99 [2001:db8::1]:99",
        addresses(run("stun:a.example:99", Map.of("a.example", ips("192.0.2.1", "2001:db8::1")))));
    assertEquals(List.of(new Question.Addresses("a.example")), asked);
  }

  @ParameterizedTest
  @CsvSource({
    "stun:a.example, UDP, _stun._udp.a.example, 3478",
    "stun:a.example, TCP, _stun._tcp.a.example, 3478",
    "stuns:a.example, TLS, _stuns._tcp.a.example, 5349",
    "stuns:a.example, DTLS, _stuns._udp.a.example, 5349",
    "turn:a.example, UDP, _turn._udp.a.example, 3478",
    "turns:a.example, TLS, _turns._tcp.a.example, 5349",
  })
  void withoutRecordsTheDefaultPortIsAsked(
      String uri, Transport transport, String service, int port) {
    for (Answer none : List.of(new Answer.NotFound(), new Answer.Failed("no SRV here"))) {
      asked.clear();
      ServerLookup.Result result =
          run(
              StunUri.parse(uri).over(transport),
              Map.of(service, none, "a.example", ips("192.0.2.1")));
      assertEquals("192.0.2.1:" + port, addresses(result));
      assertEquals(
          List.of(new Question.Services(service), new Question.Addresses("a.example")), asked);
    }
  }

  @Test
  void followsRecordsByPriorityAndChecksTheNameOfTheUri() {
    ServerLookup.Result result =
        run(
            "stuns:a.example",
            Map.of(
                "_stuns._tcp.a.example",
                services(
                    service(20, 0, 3, "c.example"),
                    service(10, 0, 1, "b.example"),
                    service(10, 0, 0, "portless.example"),
                    service(30, 0, 4, "gone.example")),
                "b.example",
                ips("192.0.2.2", "192.0.2.3", "2001:db8::2"),
                "c.example",
                ips("192.0.2.4"),
                "gone.example",
                new Answer.NotFound()));
    assertEquals("192.0.2.2:1 [2001:db8::2]:1 192.0.2.3:1 192.0.2.4:3", addresses(result));
    assertInstanceOf(ServerLookup.Found.class, result)
        .servers()
        .forEach(
            server ->
                assertEquals(
                    Optional.of(new ServerIdentity.HostName("a.example")), server.identity()));
  }

  @Test
  void aDotMeansThatTheServiceIsNotOffered() {
    assertEquals(
        new ServerLookup.Failed("a.example says that it does not offer stun over UDP"),
        run("stun:a.example", Map.of("_stun._udp.a.example", services(service(0, 0, 0, ".")))));
    assertEquals(1, asked.size());
  }

  @Test
  void saysWhyNothingWasFound() {
    assertEquals(
        new ServerLookup.Failed("there is no host a.example"),
        run("stun:a.example:1", Map.of("a.example", new Answer.NotFound())));
    assertEquals(
        new ServerLookup.Failed("the name a.example could not be looked up: timed out"),
        run("stun:a.example:1", Map.of("a.example", new Answer.Failed("timed out"))));
  }

  @Test
  void drawsByWeight() {
    List<Answer.Service> services =
        List.of(service(1, 0, 1, "zero"), service(1, 10, 1, "ten"), service(1, 90, 1, "ninety"));
    Map<String, Integer> first = new HashMap<>();
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      List<Answer.Service> order = ServiceOrder.of(services, random);
      assertEquals(3, order.size());
      first.merge(order.get(0).target(), 1, Integer::sum);
    }
    assertTrue(Math.abs(first.getOrDefault("ninety", 0) - 8900) < 300, first.toString());
    assertTrue(Math.abs(first.getOrDefault("ten", 0) - 1000) < 200, first.toString());
    assertTrue(first.getOrDefault("zero", 0) < 200, first.toString());
  }

  @Test
  void isBounded() {
    Answer.Service[] many =
        IntStream.range(0, 1000)
            .mapToObj(i -> service(0, 0, 1, "h" + i + ".example"))
            .toArray(Answer.Service[]::new);
    Map<String, Answer> dns = new HashMap<>();
    for (Answer.Service service : many) {
      dns.put(
          service.target(),
          new Answer.Addresses(IntStream.range(0, 50).mapToObj(i -> ip("192.0.2." + i)).toList()));
    }
    dns.put("_stun._udp.a.example", services(many));
    ServerLookup.Found found =
        assertInstanceOf(ServerLookup.Found.class, run("stun:a.example", dns));
    assertEquals(32, found.servers().size());
    assertEquals(1 + ServerLookup.MAX_TARGETS, asked.size());
  }

  @Test
  void leavesTheAnswersOfOthersAlone() {
    ServerLookup lookup =
        new ServerLookup(StunUri.parse("stun:a.example"), new Random(1), () -> nextId++);
    assertFalse(lookup.accept(new Input.Answered(99, new Answer.NotFound())));
    assertTrue(lookup.accept(new Input.Answered(100, new Answer.NotFound())));
    assertFalse(lookup.accept(new Input.Answered(100, new Answer.NotFound())));
    assertEquals(Optional.empty(), lookup.result());
  }

  private ServerLookup.Result run(String uri, Map<String, Answer> dns) {
    return run(StunUri.parse(uri), dns);
  }

  private ServerLookup.Result run(StunUri uri, Map<String, Answer> dns) {
    ServerLookup lookup = new ServerLookup(uri, new Random(1), () -> nextId++);
    Optional<Output> output = lookup.pollOutput();
    while (output.isPresent()) {
      assertEquals(Optional.empty(), lookup.result());
      Output.Ask ask = assertInstanceOf(Output.Ask.class, output.get());
      asked.add(ask.question());
      Answer answer =
          dns.getOrDefault(
              ask.question() instanceof Question.Services services
                  ? services.name()
                  : ((Question.Addresses) ask.question()).host(),
              new Answer.NotFound());
      assertTrue(lookup.accept(new Input.Answered(ask.id(), answer)));
      output = lookup.pollOutput();
    }
    return lookup.result().orElseThrow();
  }

  private static String addresses(ServerLookup.Result result) {
    List<String> texts = new ArrayList<>();
    for (ServerLookup.Server server :
        assertInstanceOf(ServerLookup.Found.class, result).servers()) {
      texts.add(server.address().toString());
    }
    return String.join(" ", texts);
  }

  private static Answer ips(String... texts) {
    return new Answer.Addresses(Arrays.stream(texts).map(ServerLookupTest::ip).toList());
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static Answer services(Answer.Service... services) {
    return new Answer.Services(List.of(services));
  }

  private static Answer.Service service(int priority, int weight, int port, String target) {
    return new Answer.Service(priority, weight, port, target);
  }
}
