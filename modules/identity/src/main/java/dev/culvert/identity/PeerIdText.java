package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.util.Locale;
import java.util.Optional;

/** The forms in which people and other programs write an Ed25519 key. */
final class PeerIdText {
  /** Multicodec ed25519-pub as an unsigned varint. */
  private static final Bytes DID_KEY = Bytes.of(0xed, 0x01);

  /** An identity multihash of a protobuf with key type 1, Ed25519. */
  private static final Bytes LIBP2P = Bytes.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20);

  /** CID version 1 with the multicodec libp2p-key. */
  private static final Bytes CID = Bytes.of(0x01, 0x72);

  private static final String DID = "did:key:";

  /** The letters of z-base-32 that 32 bytes need. */
  static final int LENGTH = 52;

  private static final int LONGEST = 128;

  private PeerIdText() {}

  static String zBase32(PeerId id) {
    return TextBase.Z32.encode(id.key());
  }

  static String didKey(PeerId id) {
    return DID + "z" + TextBase.B58.encode(DID_KEY.concat(id.key()));
  }

  static String libp2p(PeerId id) {
    return TextBase.B58.encode(LIBP2P.concat(id.key()));
  }

  static PeerId read(String text) throws PeerIdException {
    if (text.isEmpty()) {
      throw new PeerIdException("there is no peer id; give the 52 letters that its owner sees");
    }
    if (text.length() > LONGEST) {
      throw new PeerIdException("this is no peer id: it is too long");
    }
    if (text.startsWith(DID)) {
      String encoded = text.substring(DID.length());
      if (!encoded.startsWith("z")) {
        throw new PeerIdException("this did:key is not in base 58, which begins with z");
      }
      return key(TextBase.B58.decode(encoded.substring(1)), DID_KEY, "this did:key");
    }
    // The identity multihash of an Ed25519 key always begins like that.
    if (text.startsWith("12D3Koo")) {
      return key(TextBase.B58.decode(text), LIBP2P, "this PeerId of libp2p");
    }
    if (text.startsWith("Qm")) {
      throw new PeerIdException(
          "this PeerId of libp2p is only the hash of a key; give one that begins with 12D3Koo");
    }
    if (text.startsWith("bafz")) {
      return cid(TextBase.B32.decode(text.substring(1)));
    }
    if (text.startsWith("k51") && text.length() != LENGTH) {
      return cid(TextBase.B36.decode(text.substring(1)));
    }
    return zBase32(text);
  }

  private static PeerId cid(Optional<Bytes> bytes) throws PeerIdException {
    return key(bytes, CID.concat(LIBP2P), "this PeerId of libp2p");
  }

  private static PeerId zBase32(String text) throws PeerIdException {
    if (text.length() != LENGTH) {
      throw new PeerIdException(
          "this is no peer id: it has "
              + text.length()
              + " letters, not 52; copy all of it, or give did:key:… or 12D3Koo…");
    }
    return key(TextBase.Z32.decode(text.toLowerCase(Locale.ROOT)), Bytes.empty(), "this peer id");
  }

  private static PeerId key(Optional<Bytes> decoded, Bytes prefix, String what)
      throws PeerIdException {
    if (decoded.isEmpty()) {
      throw new PeerIdException(what + " has a letter that none has, or is cut; copy it again");
    }
    Bytes bytes = decoded.get();
    if (!bytes.startsWith(prefix) || bytes.length() != prefix.length() + PeerId.LENGTH) {
      throw new PeerIdException(what + " is damaged, or of another kind of key than Ed25519");
    }
    return new PeerId(bytes.slice(prefix.length()));
  }
}
