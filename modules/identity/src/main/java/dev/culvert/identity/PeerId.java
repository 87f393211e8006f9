package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Who a peer is: its Ed25519 public key (RFC 8032 §5.1.5).
 *
 * <p>Its text is 52 letters and digits, z-base-32 of the key; {@link #parse} takes others' forms,
 * too. The order is that of the keys' bytes, so that maps find ids whose hashes are alike.
 *
 * @param key 32 bytes; whether they are a good key is known once a signature was {@link Signed
 *     verified}, or where they come from text or a certificate
 */
public record PeerId(Bytes key) implements Comparable<PeerId> {
  /** The bytes of a key. */
  public static final int LENGTH = 32;

  /** Refuses what is not as long as a key. */
  public PeerId {
    if (key.length() != LENGTH) {
      throw new IllegalArgumentException("a peer id has 32 bytes, not " + key.length());
    }
  }

  /**
   * Reads what people give: z-base-32 in letters of either case, {@code did:key:…} or a libp2p
   * PeerId.
   *
   * @throws PeerIdException with one line that names the fault
   */
  public static PeerId parse(String text) throws PeerIdException {
    PeerId id = PeerIdText.read(text.strip());
    if (!id.isGood()) {
      throw new PeerIdException("this is no peer id: no key is like that; copy it again");
    }
    return id;
  }

  /**
   * Reads what {@link #toString} wrote, for programs that read many: whether it {@link #isGood} is
   * left to the first signature.
   */
  public static Optional<PeerId> read(String text) {
    return text.length() == PeerIdText.LENGTH
        ? TextBase.Z32.decode(text).map(PeerId::new)
        : Optional.empty();
  }

  /** The id of an Ed25519 key; empty for a key of another kind. */
  public static Optional<PeerId> of(PublicKey key) {
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(key.getEncoded());
    ASN1ObjectIdentifier kind = info.getAlgorithm().getAlgorithm();
    byte[] bytes = info.getPublicKeyData().getOctets();
    if (!kind.equals(EdECObjectIdentifiers.id_Ed25519) || bytes.length != LENGTH) {
      return Optional.empty();
    }
    return Optional.of(new PeerId(Bytes.copyOf(bytes))).filter(PeerId::isGood);
  }

  /** Whom a certificate is about, whoever vouches for it; empty for a key of another kind. */
  public static Optional<PeerId> of(X509Certificate certificate) {
    return of(certificate.getPublicKey());
  }

  /**
   * Whether the bytes are a key with which only its owner can sign: a point of the curve in the
   * only encoding it has, and of the prime order (RFC 8032 §5.1.3).
   */
  public boolean isGood() {
    return Ed25519.validatePublicKeyFull(key.toByteArray(), 0);
  }

  @Override
  public int compareTo(PeerId other) {
    return key.compareTo(other.key);
  }

  /** The form of decentralised identifiers, {@code did:key:z6Mk…}. */
  public String toDidKey() {
    return PeerIdText.didKey(this);
  }

  /** The form of libp2p, {@code 12D3Koo…}. */
  public String toLibp2p() {
    return PeerIdText.libp2p(this);
  }

  /** z-base-32, 52 letters and digits. */
  @Override
  public String toString() {
    return PeerIdText.zBase32(this);
  }
}
