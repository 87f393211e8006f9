package dev.culvert.transport;

import static dev.culvert.transport.LittleDnsServer.A;
import static dev.culvert.transport.LittleDnsServer.AAAA;
import static dev.culvert.transport.LittleDnsServer.SERVFAIL;
import static dev.culvert.transport.LittleDnsServer.SRV;
import static dev.culvert.transport.LittleDnsServer.a;
import static dev.culvert.transport.LittleDnsServer.cname;
import static dev.culvert.transport.LittleDnsServer.srv;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.LittleDnsServer.Answered;
import dev.culvert.transport.LittleDnsServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";

  @TempDir Path folder;
  private LittleDnsServer server;

  ResolverTest() throws IOException {
    server = new LittleDnsServer();
  }

  @BeforeEach
  void writeHosts() throws IOException {
    Files.writeString(
        folder.resolve("hosts"), "192.0.2.77 Known.example alias # words\n::7 alias\n");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Answer ask(boolean nio, Question question, TransportAddress... servers) {
    List<TransportAddress> asked =
        servers.length == 0 ? List.of(server.address()) : Arrays.asList(servers);
    try (NetworkRuntime runtime =
            NetworkRuntime.builder()
                .nioOnly(nio)
                .nameServers(asked)
                .hostsFile(folder.resolve("hosts"))
                .build();
        Driven driven = new Driven(runtime)) {
      driven.wants(new Output.Ask(11, question));
      Input.Answered answered = driven.await(Input.Answered.class);
      assertEquals(11, answered.id());
      return answered.answer();
    }
  }

  private static Question host(String host) {
    return new Question.Addresses(host);
  }

  private static Answer.Addresses ips(String... literals) {
    return new Answer.Addresses(Arrays.stream(literals).<InetAddress>map(Loopback::ip).toList());
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void findsBothFamilies(boolean nio) {
    server.says("a.example", A, Reply.of(a("a.example", "192.0.2.1"), a("a.example", "192.0.2.2")));
    server.says("a.example", AAAA, Reply.of(a("a.example", "2001:db8::1")));
    Answer both = ips("192.0.2.1", "192.0.2.2", "2001:db8::1");
    Answer answer = ask(nio, host("a.example"));
    for (int again = 0; again < 20 && !answer.equals(both); again++) {
      // Whoever waits does not wait for ever for the second answer, and this machine was busy.
      answer = ask(nio, host("a.example"));
    }
    assertEquals(both, answer);
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void oneFamilyIsEnough(boolean nio) {
    server.says("a.example", A, Reply.of());
    server.says("a.example", AAAA, Reply.of(a("a.example", "2001:db8::1")));
    assertEquals(ips("2001:db8::1"), ask(nio, host("A.Example.")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void doesNotWaitForEverForTheOtherFamily(boolean nio) {
    server.says("a.example", A, Reply.of(a("a.example", "192.0.2.1")));
    server.says("a.example", AAAA, Reply.of().afterDrops(Integer.MAX_VALUE));
    assertEquals(ips("192.0.2.1"), ask(nio, host("a.example")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void followsAliasesAndHeedsNoStrangersRecords(boolean nio) {
    server.says(
        "a.example",
        A,
        Reply.of(
            a("c.example", "192.0.2.3"),
            cname("b.example", "c.example"),
            cname("a.example", "B.example"),
            a("stranger.example", "192.0.2.66")));
    assertEquals(ips("192.0.2.3"), ask(nio, host("a.example")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void findsServices(boolean nio) {
    String name = "_stun._udp.example";
    server.says(
        name,
        SRV,
        Reply.of(srv(name, 10, 20, 3478, "one.example"), srv(name, 30, 0, 65535, "two.example")));
    assertEquals(
        new Answer.Services(
            List.of(
                new Answer.Service(10, 20, 3478, "one.example"),
                new Answer.Service(30, 0, 65535, "two.example"))),
        ask(nio, new Question.Services(name)));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsThatAServiceIsNotOffered(boolean nio) {
    String name = "_stun._udp.example";
    server.says(name, SRV, Reply.of(srv(name, 0, 0, 0, ".")));
    assertEquals(
        new Answer.Services(List.of(new Answer.Service(0, 0, 0, "."))),
        ask(nio, new Question.Services(name)));
    assertEquals(new Answer.NotFound(), ask(nio, new Question.Services("_turn._udp.example")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsThatANameDoesNotExist(boolean nio) {
    assertEquals(new Answer.NotFound(), ask(nio, host("nowhere.example")));
    assertEquals(
        List.of("nowhere.example " + A + " udp", "nowhere.example " + AAAA + " udp"),
        server.questions().stream().distinct().sorted().toList());
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void asksAgainWhenAnAnswerIsLost(boolean nio) {
    server.says("a.example", A, Reply.of(a("a.example", "192.0.2.1")).afterDrops(2));
    server.says("a.example", AAAA, Reply.of().afterDrops(1));
    assertEquals(ips("192.0.2.1"), ask(nio, host("a.example")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void asksTheNextServerWhenOneIsSilentOrBroken(boolean nio) throws IOException {
    server.says("a.example", A, Reply.of(a("a.example", "192.0.2.1")));
    try (LittleDnsServer broken = new LittleDnsServer()) {
      broken.says("a.example", A, Reply.code(SERVFAIL));
      broken.says("a.example", AAAA, Reply.of().afterDrops(Integer.MAX_VALUE));
      assertEquals(
          ips("192.0.2.1"), ask(nio, host("a.example"), broken.address(), server.address()));
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void saysThatNoServerWouldTell(boolean nio) {
    server.says("a.example", A, Reply.code(SERVFAIL));
    server.says("a.example", AAAA, Reply.code(SERVFAIL));
    assertEquals(
        new Answer.Failed("cannot look up a.example: the name server answered ServFail(2)"),
        ask(nio, host("a.example")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void asksOverTcpForWhatIsTooLongForUdp(boolean nio) {
    Answered[] many = new Answered[60];
    String[] literals = new String[60];
    for (int i = 0; i < many.length; i++) {
      literals[i] = "192.0.2." + i;
      many[i] = a("a.example", literals[i]);
    }
    server.says("a.example", A, Reply.of(many).overTcpOnly());
    assertEquals(ips(literals), ask(nio, host("a.example")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"known.example", "KNOWN.example."})
  void knowsTheHostsFile(String name) {
    assertEquals(ips("192.0.2.77"), ask(true, host(name)));
    assertEquals(ips("192.0.2.77", "::7"), ask(true, host("alias")));
    assertEquals(List.of(), server.questions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
  void asksNobodyAboutLiterals(String literal) {
    assertEquals(ips(literal), ask(true, host(literal)));
    assertEquals(List.of(), server.questions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST.", "a.localhost"})
  void asksNobodyAboutLocalhost(String name) {
    assertEquals(ips("127.0.0.1", "::1"), ask(true, host(name)));
    assertEquals(List.of(), server.questions());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a..b",
        "a b",
        "\u0000",
        "300.1.2.3",
        "xn--",
        "-",
        "[::1]",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b"
      })
  void answersAlsoWhatIsNoName(String name) {
    assertFalse(ask(true, host(name)) instanceof Answer.Addresses);
  }
}
