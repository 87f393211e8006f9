package dev.culvert.examples.sendfile;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.PeerStream;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Takes files from whoever has its invite, until it is stopped. */
public final class ReceiveFile {
  private ReceiveFile() {}

  /** {@code ReceiveFile FOLDER NODE...}: prints the invite to give to {@link SendFile}. */
  public static void main(String[] args) throws InterruptedException {
    List<KnownNode> nodes = new ArrayList<>();
    try {
      for (String node : List.of(args).subList(1, args.length)) {
        nodes.add(KnownNode.parse(node, NodeSource.CONFIGURED));
      }
    } catch (IllegalArgumentException | JoinTextException e) {
      System.err.println(args.length == 0 ? "usage: ReceiveFile FOLDER NODE..." : e.getMessage());
      System.exit(2);
    }
    Path folder = Path.of(args[0]);
    Executor threads = Executors.newCachedThreadPool();
    PeerKey key = PeerKey.generate(new SecureRandom());
    PeerNodeConfig config = PeerNodeConfig.here(key, nodes, AcceptPolicy.nobody());
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config)) {
      node.listen(peer -> peer.onStream(stream -> threads.execute(() -> take(stream, folder))));
      System.out.println(node.invite(Duration.ofDays(1), false).join().text());
      new CountDownLatch(1).await();
    }
  }

  private static void take(PeerStream stream, Path folder) {
    try (stream) {
      System.out.println("received " + receive(stream, folder));
    } catch (IOException e) {
      System.err.println("not received: " + e.getMessage());
    }
  }

  /** Stores what comes; only what came as a whole gets its name. */
  static Path receive(PeerStream stream, Path folder) throws IOException {
    MessageDigest stored = Transfer.sha256();
    DataInputStream in = new DataInputStream(stream.input());
    Path target = Transfer.target(folder, in.readUTF());
    Path part = Files.createTempFile(folder, "received", ".part");
    try {
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(part), stored)) {
        in.transferTo(out);
      }
      // Does not replace a file that has come to be there meanwhile.
      Files.move(part, target);
    } finally {
      Files.deleteIfExists(part);
    }
    stream.output().write(stored.digest());
    stream.output().close();
    return target;
  }
}
