package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Console;
import dev.culvert.cli.Run;
import dev.culvert.cli.Streams;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.transport.NetworkRuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Peers on real sockets at a running node, all on the loopback. */
class RendezvousRunTest {
  @TempDir Path folder;
  private final NetworkRuntime runtime = NetworkRuntime.builder().threads(1).build();
  private final StringWriter said = new StringWriter();
  private final List<RunningNode> nodes = new ArrayList<>();
  private String ready = "";
  private PeerId id = PeerKey.generate(new Random(1)).id();

  @BeforeEach
  void start() {
    start("--rendezvous-behind-proxy", "127.0.0.1:0");
  }

  private RunningNode start(String... more) {
    List<String> args =
        new ArrayList<>(List.of("--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0"));
    args.addAll(List.of("--relay", "--rendezvous", "--drain", "5", "--threads", "1"));
    args.addAll(List.of("--identity", folder.resolve("state/node.key").toString()));
    args.addAll(List.of(more));
    NodeOptions options =
        CommandLine.populateCommand(new NodeOptions(), args.toArray(String[]::new));
    PrintWriter writer = new PrintWriter(said);
    Console console = new Console(new Streams(writer, writer, false, false, true, Map.of()));
    NodePlan plan = NodePlan.of(options, List.of(InetAddress.getLoopbackAddress()), console);
    RunningNode node = RunningNode.start(plan, console);
    nodes.add(node);
    ready = Run.show(node.ready(), false);
    id = PeerId.read(found(" rendezvous id=(\\w+)")).orElseThrow();
    return node;
  }

  @AfterEach
  void stop() {
    runtime.close();
    nodes.forEach(RunningNode::drain);
  }

  private String found(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(ready);
    assertTrue(matcher.find(), ready);
    return matcher.group(1);
  }

  private NodeUrl tls() {
    return NodeUrl.parse("wss://" + found(" tls=([0-9.:]+)") + "/").orElseThrow();
  }

  private NodeUrl clear() {
    return NodeUrl.parse("ws://" + found(" behind-proxy=([0-9.:]+)") + "/rdv").orElseThrow();
  }

  @Test
  void aPeerComesOverTlsAndGetsARelayForItsKey() throws Exception {
    try (Caller caller = new Caller(runtime, tls(), id)) {
      ClientEvent.Welcomed welcomed = caller.next(ClientEvent.Welcomed.class);
      assertEquals(id, welcomed.node());
      assertEquals(List.of(found(" udp=([0-9.:]+)")), welcomed.stun());
      List<Frame.RelayOffer> offers = welcomed.welcome().relays();
      assertEquals(
          List.of(
              "turn:" + found(" udp=([0-9.:]+)") + "?transport=udp",
              "turn:" + found(" tcp=([0-9.:]+)") + "?transport=tcp",
              "turns:" + found(" tls=([0-9.:]+)") + "?transport=tcp"),
          offers.stream().map(Frame.RelayOffer::uri).toList());
      Frame.RelayOffer offer = offers.get(0);
      assertTrue(offer.user().matches("[0-9]{10}:[0-9a-f]{32}"), offer.user());
      assertFalse(caller.key.id().key().hex().contains(offer.user().substring(11)), "in the clear");
      Duration left = Duration.between(Instant.now(), offer.expiry());
      assertTrue(left.compareTo(Duration.ofHours(1)) <= 0, left.toString());
      int port = Integer.parseInt(found(" udp=127.0.0.1:([0-9]+)"));
      try (RelayProcessClient relay =
          new RelayProcessClient(port, offer.user(), offer.password())) {
        assertEquals(
            Optional.empty(),
            relay.ask(Method.ALLOCATE, new RequestedTransport(RequestedTransport.UDP)).error());
      }
      Frame.Relays again = assertInstanceOf(Frame.Relays.class, caller.ask(Frame.AskRelays::new));
      assertEquals(3, again.relays().size());
      String sameUser = again.relays().get(0).user();
      assertEquals(offer.user().substring(11), sameUser.substring(11), "one user, one quota");
    }
    assertFalse(said.toString().contains("auth-secret"), "peers are the users: " + said);
  }

  @Test
  void peersSpeakToEachOtherAcrossListeners() throws Exception {
    try (Caller one = new Caller(runtime, tls(), id);
        Caller other = new Caller(runtime, clear(), id)) {
      one.next(ClientEvent.Welcomed.class);
      other.next(ClientEvent.Welcomed.class);
      Bytes sealed = Bytes.utf8("nobody reads this");
      assertInstanceOf(
          Frame.Delivered.class,
          one.ask(request -> new Frame.Signal(request, other.key.id(), sealed)));
      assertEquals(new ClientEvent.Said(one.key.id(), sealed), other.next(ClientEvent.Said.class));
    }
  }

  @Test
  void anotherNodeThanTheOneThatIsMeantIsNotSpokenTo() throws Exception {
    PeerId stranger = PeerKey.generate(new Random(2)).id();
    try (Caller caller = new Caller(runtime, tls(), stranger)) {
      AssertionError fault =
          assertThrows(AssertionError.class, () -> caller.next(ClientEvent.Welcomed.class));
      assertTrue(String.valueOf(fault.getMessage()).contains("certificate"), fault.getMessage());
    }
  }

  @Test
  void whenItEndsPeersAreSentElsewhere() throws Exception {
    RunningNode node =
        start(
            "--rendezvous-behind-proxy",
            "127.0.0.1:0",
            "--knows",
            "wss://other.invalid/~" + PeerKey.generate(new Random(3)).id());
    try (Caller caller = new Caller(runtime, clear(), id)) {
      caller.next(ClientEvent.Welcomed.class);
      Thread drain = new Thread(node::drain);
      drain.start();
      Frame.Redirect redirect = caller.next(ClientEvent.Redirected.class).redirect();
      assertEquals(List.of("wss://other.invalid/"), redirect.urls());
      assertTrue(redirect.within().compareTo(Duration.ofSeconds(5)) < 0, redirect.toString());
      caller.leave();
      drain.join(60_000);
      assertEquals(NodeState.ENDED, node.state());
    }
  }

  @Test
  void itIsTheSameNodeAfterARestart() throws Exception {
    Path file = folder.resolve("state/node.key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(said.toString().contains("made the key"), said.toString());
    PeerId before = id;
    nodes.remove(0).drain();
    start("--rendezvous-url", "wss://node.example/");
    assertEquals(before, id);
    assertEquals("wss://node.example/", found(" url=(\\S+)"));
    try (Caller caller = new Caller(runtime, tls(), id)) {
      // It was told another name than the node's own.
      AssertionError fault =
          assertThrows(AssertionError.class, () -> caller.next(ClientEvent.Welcomed.class));
      assertTrue(String.valueOf(fault.getMessage()).contains("another name"), fault.getMessage());
    }
  }

  @Test
  void aNodeTellsWhereItIs() throws Exception {
    NodeUrl url = NodeUrl.parse("wss://node.example/rdv").orElseThrow();
    start("--rendezvous-url", url.toString());
    try (Caller caller = new Caller(runtime, tls(), url, id)) {
      caller.next(ClientEvent.Welcomed.class);
      Frame.Nodes told = assertInstanceOf(Frame.Nodes.class, caller.ask(Frame.AskNodes::new));
      NodeRecord own = NodeRecord.read(told.records().get(0)).orElseThrow();
      assertEquals(id, own.node());
      assertEquals(List.of(url.toString()), own.urls());
    }
  }

  /** A loopback is no local network, so nothing is said to anybody here. */
  @Test
  void whereThereIsNoLocalNetworkThatIsSaid() {
    start("--rendezvous-local");
    assertTrue(said.toString().contains("warning: --rendezvous-local finds no address"));
  }
}
