package dev.culvert.examples.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.PeerStream;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Says something to an {@link EchoServer}, and prints what comes back. */
public final class EchoClient {
  private EchoClient() {}

  static String echo(String invite, String words) throws IOException, JoinTextException {
    PeerKey key = PeerKey.generate(new SecureRandom());
    PeerNodeConfig config = PeerNodeConfig.here(key, List.of(), AcceptPolicy.nobody());
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config);
        PeerConnection peer = node.connect(Invite.parse(invite), event -> {}).join();
        PeerStream stream = peer.open().join()) {
      stream.output().write(words.getBytes(UTF_8));
      stream.output().close();
      return new String(stream.input().readAllBytes(), UTF_8);
    }
  }

  /** {@code EchoClient INVITE WORDS}. */
  public static void main(String[] args) {
    try {
      System.out.println(echo(args[0], args[1]));
    } catch (CompletionException e) {
      fail("no connection: " + e.getCause());
    } catch (IOException | JoinTextException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (ArrayIndexOutOfBoundsException e) {
      fail("usage: EchoClient INVITE WORDS");
    }
  }

  private static void fail(String why) {
    System.err.println(why);
    System.exit(1);
  }
}
