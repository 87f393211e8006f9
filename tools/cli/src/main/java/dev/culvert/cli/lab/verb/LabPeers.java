package dev.culvert.cli.lab.verb;

import dev.culvert.identity.KeyFileException;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.PeerKeyFile;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/** Who the nodes and peers of a lab are: their keys follow from their hosts' names. */
final class LabPeers {
  /** Where nodes let peers in. */
  static final int PORT = 443;

  private LabPeers() {}

  /** The seed of the key of a peer on a host. */
  static Bytes peerSeed(String host) {
    return seed("peer " + host);
  }

  /** The key of a node on a host. */
  static PeerKey node(String host) {
    return PeerKey.ofSeed(seed("node " + host));
  }

  private static Bytes seed(String what) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Bytes.wrap(digest.digest(Bytes.utf8("culvert lab " + what).toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Where the node on a host is found, at its main IPv4 address. */
  static KnownNode known(LabWorld world, String host) {
    return new KnownNode(
        Optional.of(node(host).id()), List.of(url(world, host)), NodeSource.CONFIGURED);
  }

  static NodeUrl url(LabWorld world, String host) {
    InetAddress ip = Places.first(world, host, true);
    return NodeUrl.parse("wss://" + ip.getHostAddress() + ":" + PORT + "/").orElseThrow();
  }

  /** The node's key in a file of its own, which goes when this process does. */
  static Path keyFile(String host) throws LabException {
    try {
      Path folder = Files.createTempDirectory("culvert-lab-node");
      Path file = folder.resolve("node.key");
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      PeerKeyFile.write(node(host), file);
      return file;
    } catch (IOException | KeyFileException e) {
      throw new LabException("cannot write a key for a node: " + e.getMessage(), e);
    }
  }
}
