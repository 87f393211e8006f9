package dev.culvert.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates (RFC 5280). Safe for any thread. */
public final class Certificates {
  private Certificates() {}

  /** A certificate that {@code key} vouches for itself. */
  public static CertifiedKey selfMade(KeyPair key, CertificateSpec spec, SecureRandom random) {
    X500Name name = commonName(spec);
    X509Certificate certificate = sign(key.getPublic(), spec, name, name, key.getPrivate(), random);
    return new CertifiedKey(key.getPrivate(), List.of(certificate));
  }

  /**
   * A certificate that {@code issuer} vouches for.
   *
   * @return the key with its own certificate and the issuer's chain
   */
  public static CertifiedKey issue(
      CertifiedKey issuer, KeyPair key, CertificateSpec spec, SecureRandom random) {
    X500Name issuerName =
        X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded());
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(
        sign(key.getPublic(), spec, commonName(spec), issuerName, issuer.privateKey(), random));
    chain.addAll(issuer.chain());
    return new CertifiedKey(key.getPrivate(), chain);
  }

  private static X500Name commonName(CertificateSpec spec) {
    String name = spec.dnsNames().isEmpty() ? "culvert" : spec.dnsNames().get(0);
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  private static X509Certificate sign(
      PublicKey subjectKey,
      CertificateSpec spec,
      X500Name subject,
      X500Name issuer,
      PrivateKey issuerKey,
      SecureRandom random) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              issuer,
              new BigInteger(127, random).add(BigInteger.ONE),
              Date.from(spec.notBefore()),
              Date.from(spec.notAfter()),
              subject,
              SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded()));
      addExtensions(builder, spec);
      byte[] encoded =
          builder
              .build(
                  new JcaContentSignerBuilder(Keys.signatureAlgorithm(issuerKey)).build(issuerKey))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalArgumentException("cannot make a certificate: " + e.getMessage(), e);
    }
  }

  private static void addExtensions(X509v3CertificateBuilder builder, CertificateSpec spec)
      throws IOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(spec.authority()));
    if (spec.authority()) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    } else {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    }
    List<GeneralName> names = new ArrayList<>();
    for (String dnsName : spec.dnsNames()) {
      names.add(new GeneralName(GeneralName.dNSName, dnsName));
    }
    for (InetAddress ip : spec.ips()) {
      names.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(ip.getAddress())));
    }
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(new GeneralName[0])));
    }
  }
}
