package dev.culvert.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Reads and writes certificates and private keys as text (RFC 7468). Safe for any thread; files are
 * read by whoever calls, {@code source} is the file's name for messages.
 */
public final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  private Pem() {}

  /** A key with its certificates, the key's own first; checks that they belong together. */
  public static CertifiedKey readCertifiedKey(
      String certificates, String certificateSource, String key, String keySource)
      throws PemException {
    List<X509Certificate> chain = readCertificates(certificates, certificateSource);
    PrivateKey privateKey = readPrivateKey(key, keySource);
    if (Keys.match(privateKey, chain.get(0).getPublicKey())) {
      return new CertifiedKey(privateKey, chain);
    }
    for (X509Certificate other : chain) {
      if (Keys.match(privateKey, other.getPublicKey())) {
        throw new PemException(
            certificateSource
                + ": the certificate of the key in "
                + keySource
                + " is not the first; put it first, those that vouch for it after it");
      }
    }
    throw new PemException(
        keySource
            + ": this key does not belong to the certificate in "
            + certificateSource
            + "; give the key that the certificate was made for");
  }

  /** All certificates in {@code text}, at least one, in its order; private keys are passed over. */
  public static List<X509Certificate> readCertificates(String text, String source)
      throws PemException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemObject object : read(text, source)) {
      if (object.getType().equals(CERTIFICATE)) {
        certificates.add(certificate(object, source));
      }
    }
    if (certificates.isEmpty()) {
      throw new PemException(
          source
              + ": no certificate in it; it needs a part that begins with "
              + begin(CERTIFICATE));
    }
    return List.copyOf(certificates);
  }

  /** The first private key in {@code text}, in the JDK's form; see {@link Keys#normalise}. */
  public static PrivateKey readPrivateKey(String text, String source) throws PemException {
    for (PemObject object : read(text, source)) {
      if (object.getType().equals("ENCRYPTED PRIVATE KEY") || !object.getHeaders().isEmpty()) {
        throw new PemException(
            source
                + ": the key is encrypted with a passphrase; give it in the clear"
                + " (openssl pkey -in encrypted.key -out plain.key)");
      }
      if (object.getType().endsWith(PRIVATE_KEY)) {
        return privateKey(object, source);
      }
    }
    throw new PemException(
        source + ": no private key in it; it needs a part that begins with " + begin(PRIVATE_KEY));
  }

  /** The certificates, one after the other. */
  public static String write(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        text.append(write(CERTIFICATE, certificate.getEncoded()));
      } catch (CertificateException e) {
        throw new IllegalArgumentException("a certificate without an encoding", e);
      }
    }
    return text.toString();
  }

  /** The key as PKCS#8 version 0, in the clear. */
  public static String write(PrivateKey key) {
    try {
      return write(PRIVATE_KEY, Keys.normalise(key).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String begin(String type) {
    return "-----BEGIN " + type + "-----";
  }

  private static List<PemObject> read(String text, String source) throws PemException {
    List<PemObject> objects = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(text))) {
      for (PemObject object = reader.readPemObject();
          object != null;
          object = reader.readPemObject()) {
        objects.add(object);
      }
    } catch (IOException | RuntimeException e) {
      throw new PemException(source + ": the file is cut or damaged; copy it again", e);
    }
    if (objects.isEmpty()) {
      throw new PemException(
          source
              + ": this is no PEM file (text with -----BEGIN …----- lines);"
              + " convert it (openssl x509 -inform DER, openssl pkcs12)");
    }
    return objects;
  }

  private static X509Certificate certificate(PemObject object, String source) throws PemException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(object.getContent()));
    } catch (CertificateException e) {
      throw new PemException(
          source + ": a certificate in it is cut or damaged; copy the file again", e);
    }
  }

  private static PrivateKey privateKey(PemObject object, String source) throws PemException {
    try {
      return Keys.ofPkcs8(
          switch (object.getType()) {
            case PRIVATE_KEY -> object.getContent();
            case "EC PRIVATE KEY" -> sec1(object.getContent());
            case "RSA PRIVATE KEY" -> pkcs1(object.getContent());
            default -> throw new GeneralSecurityException(object.getType() + " is not supported");
          });
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new PemException(
          source
              + ": the private key in it is cut, damaged or of an unknown kind;"
              + " give an EC P-256, Ed25519 or RSA key as PKCS#8",
          e);
    }
  }

  /** RFC 5915 in the wrapping of RFC 5208. */
  private static byte[] sec1(byte[] content) throws IOException {
    ECPrivateKey key = ECPrivateKey.getInstance(content);
    AlgorithmIdentifier algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
    return new PrivateKeyInfo(algorithm, key).getEncoded("DER");
  }

  /** RFC 8017 A.1.2 in the wrapping of RFC 5208. */
  private static byte[] pkcs1(byte[] content) throws IOException {
    AlgorithmIdentifier algorithm =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    return new PrivateKeyInfo(algorithm, ASN1Sequence.getInstance(content)).getEncoded("DER");
  }

  private static String write(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new IllegalStateException("a string takes everything", e);
    }
    return text.toString();
  }
}
