package dev.culvert.rendezvous.wire;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.sansio.Bytes;

/**
 * What peer and node sign to prove to each other who they are. Each signs what the other has just
 * made up, so nothing can be replayed; the peer signs whom it means and where it believes to be, so
 * a node cannot pass a proof on to another.
 */
public final class Proof {
  /** The bytes of a nonce. */
  public static final int NONCE = 32;

  private static final String PEER = "rdv1-peer";
  private static final String NODE = "rdv1-node";

  private Proof() {}

  /** The peer's signature in {@link Frame.Auth}. */
  public static Bytes ofPeer(PeerKey key, Frame.Hello hello, Bytes nonce, String url) {
    return Signed.by(key, PEER, peer(hello, nonce, url)).signature();
  }

  /** Whether it holds. */
  public static boolean isOfPeer(Frame.Auth auth, Frame.Hello hello) {
    return isSigned(auth.peer(), PEER, peer(hello, auth.nonce(), auth.url()), auth.signature());
  }

  private static Bytes peer(Frame.Hello hello, Bytes nonce, String url) {
    return hello.nonce().concat(hello.node().key()).concat(nonce).concat(Bytes.utf8(url));
  }

  /** The node's signature in {@link Frame.Welcome}. */
  public static Bytes ofNode(PeerKey key, Frame.Hello hello, Frame.Auth auth) {
    return Signed.by(key, NODE, node(hello, auth)).signature();
  }

  /** Whether it holds. */
  public static boolean isOfNode(Frame.Welcome welcome, Frame.Hello hello, Frame.Auth auth) {
    return isSigned(hello.node(), NODE, node(hello, auth), welcome.signature());
  }

  private static Bytes node(Frame.Hello hello, Frame.Auth auth) {
    return auth.nonce().concat(auth.peer().key()).concat(hello.nonce());
  }

  private static boolean isSigned(PeerId who, String purpose, Bytes what, Bytes signature) {
    return new Signed(who, what, signature).verify(purpose).isPresent();
  }
}
