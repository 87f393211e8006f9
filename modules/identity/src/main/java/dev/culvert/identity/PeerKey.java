package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * What proves to be a peer: its Ed25519 private key (RFC 8032 §5.1.5).
 *
 * <p>Immutable and safe for any thread. Its text tells the {@link PeerId} and never the key.
 */
public final class PeerKey {
  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

  private static final Points POINTS = new Points();

  private final byte[] seed;
  private final PeerId id;

  private PeerKey(byte[] seed) {
    this.seed = seed;
    byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, key, 0);
    this.id = new PeerId(Bytes.wrap(key));
  }

  /**
   * A new key.
   *
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   */
  public static PeerKey generate(RandomGenerator random) {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    return new PeerKey(seed);
  }

  /**
   * The key that a seed gives.
   *
   * @param seed 32 bytes
   */
  public static PeerKey ofSeed(Bytes seed) {
    if (seed.length() != Ed25519.SECRET_KEY_SIZE) {
      throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.length());
    }
    return new PeerKey(seed.toByteArray());
  }

  /** Whose key it is. */
  public PeerId id() {
    return id;
  }

  /** The 32 bytes that are the whole secret. */
  Bytes seed() {
    return Bytes.copyOf(seed);
  }

  /** Signs bytes; for what is said to other peers see {@link Signed}. */
  Bytes sign(Bytes message) {
    byte[] bytes = message.toByteArray();
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, id.key().toByteArray(), 0, bytes, 0, bytes.length, signature, 0);
    return Bytes.wrap(signature);
  }

  /** Whether a peer signed exactly these bytes; never throws. */
  static boolean verify(PeerId signer, Bytes message, Bytes signature) {
    byte[] bytes = message.toByteArray();
    Ed25519.@Nullable PublicPoint point = POINTS.of(signer);
    return point != null
        && signature.length() == Ed25519.SIGNATURE_SIZE
        && Ed25519.verify(signature.toByteArray(), 0, point, bytes, 0, bytes.length);
  }

  /**
   * The same as the JDK has it, for certificates and TLS; the private key is encoded as PKCS#8
   * version 0, see {@link Keys#normalise}.
   */
  public KeyPair toKeyPair() {
    try {
      PrivateKeyInfo info = new PrivateKeyInfo(ED25519, new DEROctetString(seed));
      PrivateKey privateKey = Keys.ofPkcs8(info.getEncoded("DER"));
      SubjectPublicKeyInfo subject = new SubjectPublicKeyInfo(ED25519, id.key().toByteArray());
      PublicKey publicKey =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(subject.getEncoded("DER")));
      return new KeyPair(publicKey, privateKey);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  @Override
  public String toString() {
    return "PeerKey[" + id + "]";
  }
}
