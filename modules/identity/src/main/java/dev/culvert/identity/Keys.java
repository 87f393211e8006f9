package dev.culvert.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Makes and checks signature keys, all of them the JDK's own. Safe for any thread. */
public final class Keys {
  private Keys() {}

  /** A new Ed25519 key pair (RFC 8032), for peers. */
  public static KeyPair generateEd25519(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(255, random);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  /** A new P-256 key pair, for TLS servers that everybody can talk to. */
  public static KeyPair generateP256(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }

  /**
   * The same key in the JDK's form, encoded as PKCS#8 version 0. Version 1 (RFC 5958), as some
   * libraries and files have it for Ed25519, makes native TLS libraries crash the process.
   *
   * @throws GeneralSecurityException if it is no RSA, EC or Ed25519 key, or not to be had at all
   */
  public static PrivateKey normalise(PrivateKey key) throws GeneralSecurityException {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      throw new GeneralSecurityException("the key does not leave its store");
    }
    return ofPkcs8(encoded);
  }

  /** Whether {@code privateKey} signs what {@code publicKey} verifies. */
  public static boolean match(PrivateKey privateKey, PublicKey publicKey) {
    byte[] probe =
        "do these keys belong together?".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try {
      String algorithm = signatureAlgorithm(privateKey);
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(probe);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(probe);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static String signatureAlgorithm(PrivateKey key) throws NoSuchAlgorithmException {
    return switch (key.getAlgorithm()) {
      case "EdDSA", "Ed25519" -> "Ed25519";
      case "EC", "ECDSA" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> throw new NoSuchAlgorithmException(key.getAlgorithm() + " keys are not supported");
    };
  }

  static PrivateKey ofPkcs8(byte[] encoded) throws GeneralSecurityException {
    try {
      PrivateKeyInfo any = PrivateKeyInfo.getInstance(encoded);
      PrivateKeyInfo version0 =
          new PrivateKeyInfo(any.getPrivateKeyAlgorithm(), any.parsePrivateKey());
      KeyFactory factory =
          KeyFactory.getInstance(algorithm(any.getPrivateKeyAlgorithm().getAlgorithm()));
      return factory.generatePrivate(new PKCS8EncodedKeySpec(version0.getEncoded("DER")));
    } catch (IOException | RuntimeException e) {
      throw new GeneralSecurityException("no PKCS#8 private key", e);
    }
  }

  private static String algorithm(ASN1ObjectIdentifier oid) throws NoSuchAlgorithmException {
    if (oid.equals(EdECObjectIdentifiers.id_Ed25519)) {
      return "Ed25519";
    }
    if (oid.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return "EC";
    }
    if (oid.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    }
    throw new NoSuchAlgorithmException("keys of the kind " + oid + " are not supported");
  }
}
