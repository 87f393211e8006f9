package dev.culvert.it;

import dev.culvert.identity.PeerKey;
import dev.culvert.identity.PeerKeyFile;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code culvert node --rendezvous --relay} on a host of a lab that has two addresses, so that
 * peers can tell what NAT they are behind.
 */
final class ConnectNode implements AutoCloseable {
  private static final int SEED = 32;

  private final LabProcess process;
  private final String known;

  private ConnectNode(LabProcess process, String known) {
    this.process = process;
    this.known = known;
  }

  /** Starts it and waits until it answers. */
  static ConnectNode on(LabHost host) throws Exception {
    byte[] seed = new byte[SEED];
    seed[0] = 9;
    PeerKey key = PeerKey.ofSeed(Bytes.wrap(seed));
    Path folder = Files.createTempDirectory("culvert-it-node");
    Path file = folder.resolve("node.key");
    folder.toFile().deleteOnExit();
    file.toFile().deleteOnExit();
    PeerKeyFile.write(key, file);
    String ip = IpLiterals.format(host.ipv4().get(0), false);
    String other = IpLiterals.format(host.ipv4().get(1), false);
    String url = "wss://" + ip + "/";
    List<String> words =
        ChildJvm.java(
            dev.culvert.cli.Culvert.class,
            "node",
            "--threads=1",
            "--drain=0",
            "--listen=" + ip,
            "--alternate=" + other,
            "--tls-listen=" + ip + ":443",
            "--rendezvous",
            "--relay",
            "--rendezvous-url=" + url,
            "--identity=" + file,
            // All who come from one carrier's NAT, and those who come again and again.
            "--limit-peers-per-network=1000",
            "--limit-proofs-per-network=10000",
            "--limit-requests=100000",
            "--limit-signals=100000",
            "--limit-signals-per-target=100000");
    LabProcess process = host.start(new ArrayList<>(words));
    process.await(output -> output.contains("ready stun"), Limits.SLOW);
    return new ConnectNode(process, url + "~" + key.id());
  }

  /** What peers are told of it. */
  String known() {
    return known;
  }

  boolean alive() {
    return process.alive();
  }

  String output() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }
}
