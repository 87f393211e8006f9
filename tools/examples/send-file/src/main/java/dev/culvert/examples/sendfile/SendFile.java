package dev.culvert.examples.sendfile;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerEvent;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.PeerStream;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Sends a file to a {@link ReceiveFile}. */
public final class SendFile {
  private SendFile() {}

  /** Says name and bytes, and waits until the other side says what it has stored. */
  static void send(PeerStream stream, Path file) throws IOException {
    MessageDigest sent = Transfer.sha256();
    try (DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(stream.output(), 1 << 16));
        DigestInputStream in = new DigestInputStream(Files.newInputStream(file), sent)) {
      out.writeUTF(String.valueOf(file.getFileName()));
      in.transferTo(out);
    }
    byte[] stored = stream.input().readAllBytes();
    if (!MessageDigest.isEqual(stored, sent.digest())) {
      throw new IOException("the other side did not take it");
    }
  }

  /** {@code SendFile INVITE FILE}. */
  public static void main(String[] args) {
    if (args.length != 2) {
      fail("usage: SendFile INVITE FILE");
    }
    PeerKey key = PeerKey.generate(new SecureRandom());
    PeerNodeConfig config = PeerNodeConfig.here(key, List.of(), AcceptPolicy.nobody());
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config);
        PeerConnection peer = node.connect(Invite.parse(args[0]), SendFile::tell).join();
        PeerStream stream = peer.open().join()) {
      send(stream, Path.of(args[1]));
      System.out.println("sent " + args[1] + " to " + peer.peer());
    } catch (CompletionException e) {
      fail("no connection: " + e.getCause());
    } catch (IOException | JoinTextException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static void tell(PeerEvent event) {
    if (event instanceof PeerEvent.PathChanged changed) {
      System.out.println(changed.now().isDirect() ? "direct" : "relayed");
    }
  }

  private static void fail(String why) {
    System.err.println(why);
    System.exit(1);
  }
}
