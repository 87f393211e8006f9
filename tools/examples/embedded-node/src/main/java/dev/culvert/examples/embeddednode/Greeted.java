package dev.culvert.examples.embeddednode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.PeerStream;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Connects to an {@link EmbeddedNode}, tells its name and prints the greeting. */
public final class Greeted {
  private Greeted() {}

  /** {@code Greeted NODE NAME}, the node as it printed itself. */
  public static void main(String[] args) {
    if (args.length != 2) {
      fail("usage: Greeted NODE NAME");
    }
    try {
      KnownNode service = KnownNode.parse(args[0], NodeSource.CONFIGURED);
      System.out.println(greeting(service, args[1]));
    } catch (CompletionException e) {
      fail("no connection: " + e.getCause());
    } catch (IOException | JoinTextException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static String greeting(KnownNode service, String name) throws IOException {
    PeerKey key = PeerKey.generate(new SecureRandom());
    PeerNodeConfig config = PeerNodeConfig.here(key, List.of(service), AcceptPolicy.nobody());
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config);
        PeerConnection peer = node.connect(service.id().orElseThrow()).join();
        PeerStream stream = peer.open().join()) {
      stream.output().write(name.getBytes(UTF_8));
      stream.output().close();
      return new String(stream.input().readAllBytes(), UTF_8);
    }
  }

  private static void fail(String why) {
    System.err.println(why);
    System.exit(1);
  }
}
