package dev.culvert.examples.baresocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.SessionConnection;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Sends datagrams to a {@link SocketServer} until one has come back. */
public final class SocketClient {
  private static final int MOST_TRIES = 30;
  private static final int MILLIS_EACH = 1_000;

  private SocketClient() {}

  /** Datagrams get lost, so it is said again. */
  static String ask(DatagramSocket socket, String words) throws IOException {
    byte[] question = words.getBytes(UTF_8);
    DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
    socket.setSoTimeout(MILLIS_EACH);
    for (int i = 0; i < MOST_TRIES; i++) {
      socket.send(new DatagramPacket(question, question.length));
      try {
        socket.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), UTF_8);
      } catch (SocketTimeoutException e) {
        // Once more.
      }
    }
    throw new IOException("nothing came back");
  }

  /** {@code SocketClient INVITE WORDS}. */
  public static void main(String[] args) {
    if (args.length != 2) {
      fail("usage: SocketClient INVITE WORDS");
    }
    PeerKey key = PeerKey.generate(new SecureRandom());
    PeerNodeConfig config = PeerNodeConfig.here(key, List.of(), AcceptPolicy.nobody());
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config);
        SessionConnection peer = node.call(Invite.parse(args[0]), event -> {}).join();
        DatagramSocket socket = peer.socket()) {
      System.out.println(ask(socket, args[1]));
    } catch (CompletionException e) {
      fail("no path: " + e.getCause());
    } catch (IOException | JoinTextException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static void fail(String why) {
    System.err.println(why);
    System.exit(1);
  }
}
