package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SpkiPin;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@link Dialling}, which asks whom for what. */
class DiallingTest {
  private static final PeerId NODE = PeerKey.generate(new Random(1)).id();

  private final Means means =
      new Means(PeerKey.generate(new Random(2)), 5, new Random(3), () -> Instant.EPOCH);
  private MonotonicTime now = new MonotonicTime(0);

  private Dialling dial(Optional<PeerId> pin, NodeSource source, String... urls) {
    List<NodeUrl> parsed = Stream.of(urls).map(url -> NodeUrl.parse(url).orElseThrow()).toList();
    return new Dialling(new Place(new KnownNode(pin, parsed, source)), means, now);
  }

  private <T extends Output> List<T> wants(Class<T> type) {
    List<T> wants = means.outputs.stream().filter(type::isInstance).map(type::cast).toList();
    means.outputs.removeIf(type::isInstance);
    return wants;
  }

  private void answer(Dialling dialling, String... ips) {
    Output.Ask ask = wants(Output.Ask.class).get(0);
    List<InetAddress> all = Stream.of(ips).map(VirtualTown::ip).toList();
    dialling.accept(new Input.Answered(ask.id(), new Answer.Addresses(all)), now);
  }

  private void pass(Dialling dialling, int millis) {
    now = now.plus(Duration.ofMillis(millis));
    dialling.advance(now);
  }

  @Test
  void whoItIsFollowsFromTheKeyOrFromTheName() {
    answer(dial(Optional.of(NODE), NodeSource.CONFIGURED, "wss://a.example:8443/x"), "192.0.2.1");
    ServerIdentity.HostName name = new ServerIdentity.HostName("a.example");
    ServerIdentity.PinnedKey key = new ServerIdentity.PinnedKey(SpkiPin.of(NODE).sha256());
    Output.OpenWebSocket pinned = wants(Output.OpenWebSocket.class).get(0);
    assertEquals(Optional.of(new ServerIdentity.HostNameOrKey(name, key)), pinned.server());
    assertEquals(new TransportAddress(VirtualTown.ip("192.0.2.1"), 8443), pinned.remote());
    assertEquals(List.of("a.example", "/x", "rdv.v1.json"), words(pinned));
    answer(dial(Optional.empty(), NodeSource.CONFIGURED, "wss://a.example/"), "192.0.2.1");
    assertEquals(Optional.of(name), wants(Output.OpenWebSocket.class).get(0).server());
    answer(dial(Optional.of(NODE), NodeSource.CONFIGURED, "ws://127.0.0.1:80/"), "127.0.0.1");
    assertEquals(Optional.empty(), wants(Output.OpenWebSocket.class).get(0).server());
  }

  private static List<String> words(Output.OpenWebSocket open) {
    return List.of(open.host(), open.path(), open.subprotocol());
  }

  @Test
  void addressesAreTriedOneAfterTheOtherAndTheFirstThatStandsIsTaken() {
    Dialling dialling = dial(Optional.of(NODE), NodeSource.CACHED, "wss://a.example/");
    answer(dialling, "192.0.2.1", "2001:db8::2", "192.0.2.3");
    Output.OpenWebSocket first = wants(Output.OpenWebSocket.class).get(0);
    pass(dialling, 299);
    assertEquals(List.of(), wants(Output.OpenWebSocket.class));
    pass(dialling, 1);
    Output.OpenWebSocket second = wants(Output.OpenWebSocket.class).get(0);
    assertEquals(VirtualTown.ip("2001:db8::2"), second.remote().ip());
    dialling.accept(new Input.Closed(second.id(), CloseCause.UNREACHABLE, "no route"), now);
    Output.OpenWebSocket third = wants(Output.OpenWebSocket.class).get(0);
    Flow flow = new Flow(first.id(), Transport.WEBSOCKET, first.remote(), first.remote());
    assertEquals(
        Optional.of(flow), dialling.accept(new Input.Opened(flow), now).map(Dialling.Opened::flow));
    assertEquals(List.of(new Output.Close(third.id())), wants(Output.Close.class));
    assertEquals(Optional.empty(), dialling.nextDeadline());
  }

  @Test
  void itEndsInTimeWithTheLastReason() {
    Dialling dialling = dial(Optional.of(NODE), NodeSource.CACHED, "wss://a.example/");
    answer(dialling, "192.0.2.1");
    pass(dialling, 9_999);
    assertEquals(Optional.empty(), dialling.failure());
    assertEquals(Optional.of(now.plus(Duration.ofMillis(1))), dialling.nextDeadline());
    pass(dialling, 1);
    assertEquals(Optional.of("no connection: no answer in time"), dialling.failure());
    assertEquals(1, wants(Output.Close.class).size());
    Dialling unknown = dial(Optional.of(NODE), NodeSource.CACHED, "wss://b.example/");
    Output.Ask ask = wants(Output.Ask.class).get(0);
    assertEquals(new Question.Addresses("b.example"), ask.question());
    unknown.accept(new Input.Answered(ask.id(), new Answer.Failed("the server is silent")), now);
    assertTrue(unknown.failure().orElseThrow().endsWith("the server is silent"));
  }

  @Test
  void othersWordLeadsNobodyToThisMachine() {
    Dialling told = dial(Optional.of(NODE), NodeSource.TOLD, "wss://a.example/");
    answer(told, "127.0.0.1", "::1");
    assertEquals(List.of(), wants(Output.OpenWebSocket.class));
    assertTrue(told.failure().isPresent());
    answer(dial(Optional.of(NODE), NodeSource.CONFIGURED, "wss://a.example/"), "127.0.0.1");
    assertEquals(1, wants(Output.OpenWebSocket.class).size());
    // A name for this machine that leads elsewhere gets nothing in the clear.
    Dialling plain = dial(Optional.of(NODE), NodeSource.CONFIGURED, "ws://localhost:80/");
    answer(plain, "192.0.2.1");
    assertEquals(List.of(), wants(Output.OpenWebSocket.class));
    assertEquals(Optional.of("without TLS it has to be on loopback"), plain.failure());
  }
}
