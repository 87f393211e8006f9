package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.Admission;
import dev.culvert.rendezvous.call.CallConfig;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.rendezvous.client.NodeOffer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.server.ListenException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On this host's loopback addresses alone. */
class PeerNodeTest {
  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<SessionConnection> answered = new LinkedBlockingQueue<>();
  private final BlockingQueue<IncomingCall> asked = new LinkedBlockingQueue<>();

  private final BlockingQueue<NodeOffer> attached = new LinkedBlockingQueue<>();
  private final BlockingQueue<IceState> closed = new LinkedBlockingQueue<>();

  private void heard(ConnectionEvent event) {
    if (event instanceof ConnectionEvent.Ice ice
        && ice.event() instanceof IceEvent.StateChanged changed
        && changed.state() == IceState.CLOSED) {
      closed.add(changed.state());
    }
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    runtime.close();
  }

  private PeerNode peer(List<KnownNode> known, AcceptPolicy policy) {
    return peer(known, policy, CallConfig.STANDARD);
  }

  private PeerNode peer(List<KnownNode> known, AcceptPolicy policy, CallConfig calls) {
    MeetConfig meet =
        MeetConfig.of(SessionConfig.of(List.of(TwoPeers.address("127.0.0.1"))), policy)
            .withCalls(calls);
    PeerNodeConfig config =
        PeerNodeConfig.of(PeerKey.generate(new SecureRandom()), known, meet)
            .answering(
                call -> {
                  asked.add(call);
                  CompletableFuture<Void> unused =
                      call.accept(this::heard).thenAccept(answered::add);
                })
            .watching(this::watch);
    PeerNode peer = PeerNode.start(runtime, config);
    open.add(peer);
    return peer;
  }

  private void watch(AttachmentEvent event) {
    if (event instanceof AttachmentEvent.Attached its) {
      attached.add(its.offer());
    }
  }

  /** Serves, and waits until the peer is a guest of its own node. */
  private Serving serve(PeerNode peer) throws ListenException {
    TransportAddress any = new TransportAddress(InetAddress.getLoopbackAddress(), 0);
    Serving serving = peer.serve(ServeConfig.at(any, any));
    TwoPeers.next(attached);
    return serving;
  }

  private static SessionConnection within(CompletableFuture<SessionConnection> call) {
    return call.orTimeout(TwoPeers.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static CallEnd reason(CompletableFuture<SessionConnection> call) {
    CompletionException fault = assertThrows(CompletionException.class, () -> within(call));
    return assertInstanceOf(MeetException.class, fault.getCause()).reason();
  }

  @Test
  void twoMeetThroughAThirdThatServes() throws Exception {
    PeerNode server = peer(List.of(), AcceptPolicy.nobody());
    KnownNode node = serve(server).known();
    PeerNode callee = peer(List.of(node), AcceptPolicy.open());
    TwoPeers.next(attached);
    PeerNode caller = peer(List.of(node), AcceptPolicy.nobody());
    BlockingQueue<Bytes> heard = new LinkedBlockingQueue<>();
    SessionConnection here =
        within(
            caller.call(
                callee.id(),
                event -> {
                  if (event instanceof ConnectionEvent.Ice ice
                      && ice.event() instanceof IceEvent.Received received) {
                    heard.add(received.data());
                  }
                }));
    SessionConnection there = TwoPeers.next(answered);
    assertEquals(caller.id(), TwoPeers.next(asked).from());
    there.send(Bytes.utf8("hello"));
    assertEquals("hello", TwoPeers.next(heard).utf8());
    try (DatagramSocket socket = there.socket()) {
      TwoPeers.settle(there);
      here.send(Bytes.utf8("and to you"));
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      socket.receive(packet);
      assertEquals(
          "and to you",
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
    }
    // Its end is the call's, also over there.
    here.close();
    assertEquals(IceState.CLOSED, TwoPeers.next(closed));
  }

  @Test
  void theServerItselfIsCalledThroughItsOwnNode() throws Exception {
    PeerNode server = peer(List.of(), AcceptPolicy.open());
    KnownNode node = serve(server).known();
    PeerNode caller = peer(List.of(node), AcceptPolicy.nobody());
    within(caller.call(server.id()));
    assertEquals(caller.id(), TwoPeers.next(asked).from());
  }

  @Test
  void anInviteIsAllThatANewcomerNeeds() throws Exception {
    PeerNode host = peer(List.of(), AcceptPolicy.nobody());
    serve(host);
    Invite invite = host.invite(Duration.ofMinutes(5), true).join();
    PeerNode guest = peer(List.of(), AcceptPolicy.nobody());
    within(guest.call(Invite.parse(invite.text()), event -> {}));
    IncomingCall call = TwoPeers.next(asked);
    assertEquals(Admission.INVITED, call.admission());
    assertEquals(guest.id(), call.from());
  }

  @Test
  void theReadmesLinesAskAPeerThatInvites() throws Exception {
    CompletableFuture<Bytes> question = new CompletableFuture<>();
    MeetConfig meet =
        MeetConfig.of(
            SessionConfig.of(List.of(TwoPeers.address("127.0.0.1"))), AcceptPolicy.nobody());
    PeerNodeConfig config =
        PeerNodeConfig.of(PeerKey.generate(new SecureRandom()), List.of(), meet)
            .answering(
                call -> {
                  CompletableFuture<Void> unused =
                      call.accept(event -> complete(question, event))
                          .thenAcceptBoth(question, (peer, data) -> peer.send(Bytes.utf8("two")));
                })
            .watching(this::watch);
    PeerNode host = PeerNode.start(runtime, config);
    open.add(host);
    serve(host);
    String invite = host.invite(Duration.ofMinutes(5), true).join().text();
    PeerKey guest = PeerKey.generate(new SecureRandom());
    assertEquals("two", MeetExample.ask(runtime, guest, TwoPeers.address("127.0.0.1"), invite));
    assertEquals("who are you?", question.join().utf8());
  }

  private static void complete(CompletableFuture<Bytes> question, ConnectionEvent event) {
    if (event instanceof ConnectionEvent.Ice ice
        && ice.event() instanceof IceEvent.Received received) {
      question.complete(received.data());
    }
  }

  @Test
  void whoServesAsARelayHandsOutCredentialsOfEachPeersOwn() throws Exception {
    PeerNode server = peer(List.of(), AcceptPolicy.nobody());
    TransportAddress any = new TransportAddress(InetAddress.getLoopbackAddress(), 0);
    KnownNode node = server.serve(ServeConfig.at(any, any).relaying()).known();
    NodeOffer own = TwoPeers.next(attached);
    peer(List.of(node), AcceptPolicy.nobody());
    NodeOffer offer = TwoPeers.next(attached);
    Pattern user = Pattern.compile("[0-9]{10}:([0-9a-f]{32})");
    Set<String> names = new HashSet<>();
    for (NodeOffer each : List.of(own, offer)) {
      Matcher matcher = user.matcher(each.relays().get(0).user());
      assertTrue(matcher.matches(), each.relays().get(0).user());
      names.add(matcher.group(1));
    }
    assertEquals(2, names.size(), "each peer is a user of its own");
    assertEquals(2, offer.relays().size());
    assertEquals(1, offer.stun().size());
    assertTrue(offer.relays().get(0).uri().startsWith("turn:" + offer.stun().get(0)));
  }

  @Test
  void behindAForwardedPortStunAndRelayAreAnnouncedOutside() throws Exception {
    PeerNode server = peer(List.of(), AcceptPolicy.nobody());
    TransportAddress any = new TransportAddress(InetAddress.getLoopbackAddress(), 0);
    TransportAddress outside = new TransportAddress(InetAddress.getByName("127.0.0.9"), 3478);
    server.serve(ServeConfig.at(any, any).relaying().stunReachedAt(outside));
    NodeOffer offer = TwoPeers.next(attached);
    assertEquals(List.of("127.0.0.9:3478"), offer.stun());
    assertEquals(
        List.of("turn:127.0.0.9:3478?transport=udp", "turn:127.0.0.9:3478?transport=tcp"),
        offer.relays().stream().map(its -> its.uri()).toList());
  }

  @Test
  void whoIsNotWantedHearsNothing() throws Exception {
    PeerNode server = peer(List.of(), AcceptPolicy.nobody());
    KnownNode node = serve(server).known();
    PeerNode friend = peer(List.of(node), AcceptPolicy.nobody());
    server.policy(AcceptPolicy.contacts(Set.of(friend.id())));
    within(friend.call(server.id()));
    assertEquals(friend.id(), TwoPeers.next(asked).from());
    CallConfig hasty = new CallConfig(Duration.ofSeconds(3), Duration.ofSeconds(3), 4, 4, 4);
    attached.clear();
    PeerNode stranger = peer(List.of(node), AcceptPolicy.nobody(), hasty);
    TwoPeers.next(attached);
    assertEquals(CallEnd.TIMED_OUT, reason(stranger.call(server.id())));
    assertTrue(asked.isEmpty(), "that came to nobody's ears");
  }

  @Test
  void whyThereIsNoCallIsTold() throws Exception {
    CallConfig hasty = new CallConfig(Duration.ofSeconds(2), Duration.ofSeconds(2), 4, 4, 4);
    PeerNode lonely = peer(List.of(), AcceptPolicy.nobody(), hasty);
    PeerKey nobody = PeerKey.generate(new SecureRandom());
    assertEquals(CallEnd.NO_NODE, reason(lonely.call(nobody.id())));
    lonely.close();
    assertEquals(CallEnd.CLOSED, reason(lonely.call(nobody.id())));
  }
}
