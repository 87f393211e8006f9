package dev.culvert.peer;

import static dev.culvert.peer.Meeting.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.identity.PeerKey;
import dev.culvert.sansio.Bytes;
import dev.culvert.session.LocalAddress;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.quic.QuicIdentity;
import java.io.IOException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** How connections come to be, or do not, and what else needs no connection. */
class ConnectTest {
  @Test
  void whoeverDoesNotWantItSaysSo() throws Exception {
    try (Meeting meeting = new Meeting()) {
      PeerNode caller = meeting.caller();
      meeting.awaitAttached();
      // Nobody listens there.
      assertEquals(PeerEnd.Kind.DECLINED, Meeting.end(meeting.callee.connect(caller.id())).kind());
      PeerKey nobody = PeerKey.generate(new SecureRandom());
      assertEquals(PeerEnd.Kind.NOT_FOUND, Meeting.end(caller.connect(nobody.id())).kind());
    }
  }

  @Test
  void twoWhoCallEachOtherGetOneConnection() throws Exception {
    try (Meeting meeting = new Meeting()) {
      PeerNode caller = meeting.caller();
      meeting.awaitAttached();
      CompletableFuture<PeerConnection> one = caller.connect(meeting.callee.id());
      CompletableFuture<PeerConnection> same = caller.connect(meeting.callee.id());
      PeerConnection here = within(one);
      assertSame(here, within(same));
      assertEquals(caller.id(), TwoPeers.next(meeting.taken).peer());
      caller.close();
      assertEquals(PeerEnd.Kind.CLOSED, within(here.over()).kind());
      assertEquals(PeerEnd.Kind.CLOSED, Meeting.end(caller.connect(meeting.callee.id())).kind());
    }
  }

  @Test
  void bytesThatAreNoQuicDoNoHarm() throws Exception {
    try (Meeting meeting = new Meeting()) {
      Meeting.Ends ends = meeting.connect(meeting.caller());
      SecureRandom random = new SecureRandom();
      ends.there().onDatagram(ignored -> {});
      meeting.callee.execute(
          (meet, now) -> {
            for (int i = 0; i < 2_000; i++) {
              byte[] noise = new byte[1 + random.nextInt(1_200)];
              random.nextBytes(noise);
              // Among them what looks like the beginning of a handshake.
              noise[0] = (byte) (i % 3 == 0 ? 0xC3 : i % 3 == 1 ? 0x41 : noise[0] | 0xC0);
              Bytes datagram = Bytes.wrap(noise);
              meet.session().links().forEach(link -> link.send(datagram, now));
            }
          });
      BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
      ends.here().onStream(opened::add);
      PeerStream stream = within(ends.there().open());
      stream.output().write(7);
      assertEquals(7, TwoPeers.next(opened).input().read());
    }
  }

  @Test
  void onlyEd25519ReachesTheNativeLibrary() throws Exception {
    PeerKey key = PeerKey.generate(new SecureRandom());
    var own =
        dev.culvert.identity.PeerCertificates.selfMade(
            key,
            java.time.Instant.EPOCH,
            java.time.Instant.parse("9999-12-31T23:59:59Z"),
            new SecureRandom());
    new QuicIdentity(own.privateKey(), own.certificate());
    PrivateKey agreement = KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate();
    PrivateKey curve = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
    for (PrivateKey other : List.of(agreement, curve)) {
      assertThrows(
          IllegalArgumentException.class, () -> new QuicIdentity(other, own.certificate()));
    }
  }

  @Test
  void aChangeOfTheNetworkIsToldOnceAndAFailureIsNone() {
    LocalAddress first = TwoPeers.address("127.0.0.1");
    LocalAddress second = TwoPeers.address("127.0.0.2");
    List<List<LocalAddress>> now = new CopyOnWriteArrayList<>(List.of(List.of(first)));
    BlockingQueue<String> looks = new LinkedBlockingQueue<>();
    BlockingQueue<List<LocalAddress>> told = new LinkedBlockingQueue<>();
    AddressSource source =
        () -> {
          looks.add("look");
          if (now.get(0).isEmpty()) {
            throw new IOException("not to be told");
          }
          return now.get(0);
        };
    try (NetworkWatch watch =
        new NetworkWatch(source, List.of(first), Duration.ofMillis(1), told::add)) {
      assertEquals("look", TwoPeers.next(looks));
      now.set(0, List.of());
      looks.clear();
      TwoPeers.next(looks);
      TwoPeers.next(looks);
      now.set(0, List.of(second));
      assertEquals(List.of(second), TwoPeers.next(told));
      assertNotNull(watch);
      now.set(0, List.of(first, second));
      assertEquals(List.of(first, second), TwoPeers.next(told));
    }
  }

  @Test
  void aPeerFollowsTheNetworkAndItsConnectionGoesOn() throws Exception {
    List<List<LocalAddress>> addresses =
        new CopyOnWriteArrayList<>(List.of(List.of(TwoPeers.address("127.0.0.1"))));
    try (Meeting meeting = new Meeting();
        NetworkRuntime runtime = NetworkRuntime.create()) {
      PeerNodeConfig config =
          PeerNodeConfig.of(
                  PeerKey.generate(new SecureRandom()),
                  List.of(meeting.node),
                  dev.culvert.session.meet.MeetConfig.of(
                      dev.culvert.session.SessionConfig.of(addresses.get(0)),
                      dev.culvert.rendezvous.call.AcceptPolicy.nobody()))
              .following(() -> addresses.get(0));
      try (PeerNode caller = PeerNode.start(runtime, config)) {
        PeerConnection here = within(caller.connect(meeting.callee.id()));
        BlockingQueue<PeerPath> paths = new LinkedBlockingQueue<>();
        here.onEvent(
            event -> {
              if (event instanceof PeerEvent.PathChanged changed) {
                paths.add(changed.now());
              }
            });
        assertEquals("127.0.0.1", TwoPeers.next(paths).local().ip().getHostAddress());
        addresses.set(0, List.of(TwoPeers.address("127.0.0.3")));
        PeerPath path = TwoPeers.next(paths);
        while (!path.local().ip().getHostAddress().equals("127.0.0.3")) {
          path = TwoPeers.next(paths);
        }
        BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
        TwoPeers.next(meeting.taken).onStream(opened::add);
        PeerStream stream = within(here.open());
        stream.output().write(9);
        assertEquals(9, TwoPeers.next(opened).input().read());
      }
    }
  }
}
