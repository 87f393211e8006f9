package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * Peers' keys as text and bytes. Ours are PKCS#8 version 0 in PEM (RFC 8410 §7, RFC 7468 §10); read
 * are version 1 (RFC 5958), OpenSSH's and libp2p's files and bare seeds, too. Safe for any thread.
 */
public final class PeerKeyText {
  /** A protobuf with key type 1 and 64 bytes: the seed and the public key. */
  private static final Bytes LIBP2P = Bytes.of(0x08, 0x01, 0x12, 0x40);

  private static final int LONGEST = 64 << 10;

  private PeerKeyText() {}

  /** The key in the clear, as PKCS#8 version 0 in PEM. */
  public static String write(PeerKey key) {
    return Pem.write(key.toKeyPair().getPrivate());
  }

  /**
   * Reads a key, whichever of the known forms it has.
   *
   * @param file all of it
   * @param source its name for messages
   * @throws KeyFileException with one line that names the fault and the mend
   */
  public static PeerKey read(Bytes file, String source) throws KeyFileException {
    if (file.isEmpty()) {
      throw new KeyFileException(source + ": the file is empty; copy it again");
    }
    if (file.length() > LONGEST) {
      throw new KeyFileException(source + ": this is no key file: it is too long");
    }
    if (file.startsWith(LIBP2P) && file.length() == LIBP2P.length() + 64) {
      return halves(file.slice(LIBP2P.length()), source);
    }
    if (file.length() == PeerId.LENGTH && !isText(file)) {
      return PeerKey.ofSeed(file);
    }
    String text = file.utf8().strip();
    if (text.matches("[0-9a-fA-F]{64}")) {
      return PeerKey.ofSeed(Bytes.hex(text.toLowerCase(Locale.ROOT)));
    }
    return pem(text, source);
  }

  /** No seed is text by chance. */
  private static boolean isText(Bytes file) {
    return file.utf8().chars().allMatch(letter -> letter < 0x7f && (letter >= ' ' || letter == 10));
  }

  private static PeerKey pem(String text, String source) throws KeyFileException {
    PemObject object;
    try (PemReader reader = new PemReader(new StringReader(text))) {
      object = reader.readPemObject();
    } catch (IOException | RuntimeException e) {
      throw new KeyFileException(source + ": the file is cut or damaged; copy it again", e);
    }
    if (object == null) {
      throw new KeyFileException(
          source
              + ": this is no key file; give an Ed25519 key as PEM, of OpenSSH or libp2p, or its"
              + " seed as 64 hexadecimal digits");
    }
    if (object.getType().equals("ENCRYPTED PRIVATE KEY") || !object.getHeaders().isEmpty()) {
      throw encrypted(source, "openssl pkey -in FILE -out PLAIN");
    }
    return switch (object.getType()) {
      case "PRIVATE KEY" -> pkcs8(object.getContent(), source);
      case "OPENSSH PRIVATE KEY" -> openSsh(object.getContent(), source);
      case "PUBLIC KEY", "CERTIFICATE" ->
          throw new KeyFileException(
              source + ": this is a " + name(object) + "; give the private key");
      default ->
          throw new KeyFileException(
              source
                  + ": a peer's key is Ed25519, and this is a "
                  + name(object)
                  + "; give another");
    };
  }

  private static String name(PemObject object) {
    return object.getType().toLowerCase(Locale.ROOT);
  }

  private static PeerKey pkcs8(byte[] content, String source) throws KeyFileException {
    PrivateKeyInfo info;
    byte[] seed;
    byte[] told;
    try {
      info = PrivateKeyInfo.getInstance(content);
      if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)) {
        throw new KeyFileException(
            source + ": a peer's key is Ed25519, and this is of another kind; give another");
      }
      seed = ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
      told = info.hasPublicKey() ? info.getPublicKeyData().getOctets() : new byte[0];
    } catch (IOException | RuntimeException e) {
      throw new KeyFileException(source + ": the key in it is cut or damaged; copy it again", e);
    }
    if (seed.length != PeerId.LENGTH) {
      throw new KeyFileException(source + ": the key in it is cut or damaged; copy it again");
    }
    PeerKey key = PeerKey.ofSeed(Bytes.copyOf(seed));
    if (told.length > 0 && !Arrays.equals(told, key.id().key().toByteArray())) {
      throw halvesDiffer(source);
    }
    return key;
  }

  private static PeerKey openSsh(byte[] content, String source) throws KeyFileException {
    if (!Bytes.copyOf(content).startsWith(Bytes.utf8("openssh-key-v1\0\0\0\0\4none"))) {
      throw encrypted(source, "ssh-keygen -p -N '' -f COPY");
    }
    AsymmetricKeyParameter key;
    try {
      key = OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(content);
    } catch (RuntimeException e) {
      throw new KeyFileException(source + ": the key in it is cut or damaged; copy it again", e);
    }
    if (key instanceof Ed25519PrivateKeyParameters ed25519) {
      return PeerKey.ofSeed(Bytes.copyOf(ed25519.getEncoded()));
    }
    throw new KeyFileException(
        source + ": a peer's key is Ed25519, and this is of another kind; give another");
  }

  private static PeerKey halves(Bytes both, String source) throws KeyFileException {
    PeerKey key = PeerKey.ofSeed(both.slice(0, PeerId.LENGTH));
    if (!key.id().key().equals(both.slice(PeerId.LENGTH))) {
      throw halvesDiffer(source);
    }
    return key;
  }

  private static KeyFileException halvesDiffer(String source) {
    return new KeyFileException(
        source + ": its private and its public half do not belong together; copy it again");
  }

  private static KeyFileException encrypted(String source, String mend) {
    return new KeyFileException(
        source + ": the key is encrypted with a passphrase; give it in the clear (" + mend + ")");
  }
}
