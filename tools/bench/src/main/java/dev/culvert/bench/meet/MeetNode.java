package dev.culvert.bench.meet;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.NodeCounts;
import dev.culvert.rendezvous.node.NodeEvent;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.http.WebSocketTerms;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A rendezvous node with the limits that it has by default, on TLS listeners of one port. Started
 * by {@code tools/bench/meet-load} with the port and the number of loopback addresses; each line of
 * its standard input is answered with what it counts.
 */
public final class MeetNode {
  private MeetNode() {}

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertifiedKey shown =
        PeerCertificates.selfMade(
            Bench.NODE, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), random);
    List<StunListener> listeners = new ArrayList<>();
    for (int host = 1; host <= Integer.parseInt(arguments[1]); host++) {
      listeners.add(
          StunListener.tls(
              new TransportAddress(
                  IpLiterals.parse("127.0.0." + host).orElseThrow(),
                  Integer.parseInt(arguments[0]))));
    }
    PeerKey key = Bench.NODE;
    RendezvousNode node =
        new RendezvousNode(
            NodeConfig.standard(), key, Bench.SECRET, random, InstantSource.system());
    NetworkRuntime runtime = NetworkRuntime.create();
    MachineDriver<NodeEvent> driver = runtime.drive(node, event -> {});
    StunServerConfig config =
        StunServerConfig.of(
                listeners, Optional.of(new TlsIdentity(shown.privateKey(), shown.chain())))
            .withThreads(1)
            .withWebSockets(
                driver.webSockets(WebSocketTerms.of(Set.of("/", "/rdv"), "rdv.v1.json")));
    try (StunServer server = StunServer.start(config)) {
      System.out.println("ready on " + server.addresses(dev.culvert.sansio.Transport.TLS));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        CompletableFuture<NodeCounts> counts = new CompletableFuture<>();
        driver.execute(time -> counts.complete(node.counts()));
        System.out.println(json(counts.get(1, TimeUnit.MINUTES)));
      }
    }
    System.exit(0);
  }

  private static String json(NodeCounts counts) {
    return "{\"connections\": "
        + counts.connections()
        + ", \"peers\": "
        + counts.peers()
        + ", \"records\": "
        + counts.records()
        + ", \"delivered\": "
        + counts.signalsDelivered()
        + ", \"refused\": "
        + counts.refused()
        + "}";
  }
}
