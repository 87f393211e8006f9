package dev.culvert.transport.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.turn.server.AllocationInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SupervisionTest {
  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static TransportAddress udp(StunServer server) {
    return server.addresses(Transport.UDP).get(0);
  }

  @Test
  void listsAndDropsWhatAllLoopsHave() throws Exception {
    List<RelayAsker> clients = new ArrayList<>();
    try (StunServer server = RelayServerTest.start(false, 3);
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      for (int i = 0; i < 12; i++) {
        RelayAsker client =
            i % 2 == 0
                ? RelayAsker.udp(udp(server))
                : RelayAsker.tcp(server.addresses(Transport.TCP).get(0));
        clients.add(client);
        client.allocate();
      }
      Supervision supervision = server.supervision();
      List<AllocationInfo> all = new ArrayList<>();
      List<AllocationInfo> page = get(supervision.allocations(0, 5));
      while (!page.isEmpty()) {
        assertTrue(page.size() <= 5);
        all.addAll(page);
        page = get(supervision.allocations(page.get(page.size() - 1).id(), 5));
      }
      assertEquals(12, all.stream().map(AllocationInfo::id).distinct().count());
      assertEquals(12, supervision.allocationKinds().values().stream().mapToLong(n -> n).sum());

      RelayAsker first = clients.get(0);
      AllocationInfo its =
          all.stream()
              .filter(info -> info.client().client().equals(first.local()))
              .findFirst()
              .orElseThrow();
      first.bind(0x4000, peer.local());
      first.sendData(0x4000, Bytes.utf8("hello"));
      peer.receive();
      AllocationInfo dropped = get(supervision.drop(its.id())).orElseThrow();
      assertEquals(1, dropped.channels());
      assertEquals(new AllocationInfo.Traffic(1, 5), dropped.toPeers());
      assertEquals(Optional.empty(), get(supervision.drop(its.id())));
      assertEquals(
          437,
          first.ask(Method.REFRESH, new Lifetime(600)).first(ErrorCode.class).orElseThrow().code());
      assertEquals(Map.of(437, 1L), supervision.refusals());
      assertEquals(0, get(supervision.dropUser("nobody")));
      assertEquals(11, get(supervision.dropUser(its.username())));
      assertEquals(0, server.allocations());
      // The way to the relay is still there.
      first.allocate();
    } finally {
      for (RelayAsker client : clients) {
        client.close();
      }
    }
  }

  @Test
  void knowsALoopThatHangsFromThoseThatTurn() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RelayService service = RelayServerTest.service();
    LongTermServer.Nonces slow = new SlowNonces(service.nonces(), asked, goOn);
    StunServerConfig config =
        StunServerConfig.of(List.of(StunListener.plain(RelayServerTest.ANY_PORT)))
            .withThreads(2)
            .withRelay(
                new RelayService(
                    service.config(), service.resources(), service.credentials(), slow));
    try (StunServer server = StunServer.start(config)) {
      for (CompletableFuture<Void> each : server.supervision().probeLoops()) {
        get(each);
      }
      Thread client =
          new Thread(
              () -> {
                try (RelayAsker asker = RelayAsker.udp(udp(server))) {
                  asker.allocate();
                } catch (IOException e) {
                  // It is only to make the loop ask for its password.
                }
              });
      client.start();
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      List<CompletableFuture<Void>> probes = server.supervision().probeLoops();
      CompletableFuture.anyOf(probes.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
      assertEquals(1, probes.stream().filter(probe -> !probe.isDone()).count());
      goOn.countDown();
      for (CompletableFuture<Void> each : probes) {
        get(each);
      }
      client.join(20_000);
    } finally {
      goOn.countDown();
    }
  }

  /** Hands out nonces once somebody says so. */
  private record SlowNonces(LongTermServer.Nonces quick, CountDownLatch asked, CountDownLatch goOn)
      implements LongTermServer.Nonces {
    @Override
    public String issue(TransportAddress client) {
      asked.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return quick.issue(client);
    }

    @Override
    public boolean isValid(String nonce, TransportAddress client) {
      return quick.isValid(nonce, client);
    }
  }

  @Test
  void saysWhenItDrainsAndWhatIsClosed() throws Exception {
    StunServer server = RelayServerTest.start(false, 2);
    assertFalse(server.supervision().isDraining());
    assertEquals(List.of(), get(server.supervision().closedListeners()));
    try (RelayAsker client = RelayAsker.udp(udp(server))) {
      client.allocate();
      Thread drain = new Thread(() -> server.drain(Duration.ofSeconds(20)));
      drain.start();
      while (!server.supervision().isDraining()) {
        Thread.onSpinWait();
      }
      client.ask(Method.REFRESH, new Lifetime(0));
      drain.join(20_000);
    }
    assertTrue(server.supervision().closedListeners().isCompletedExceptionally());
    assertTrue(server.supervision().allocations(0, 1).isCompletedExceptionally());
    assertTrue(
        server.supervision().probeLoops().stream()
            .allMatch(CompletableFuture::isCompletedExceptionally));
  }
}
