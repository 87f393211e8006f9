package dev.culvert.sansio;

/** Whom a TLS or DTLS client expects at the other end. There is no way to expect anybody. */
public sealed interface ServerIdentity {

  /**
   * A certificate for this host name (RFC 9525) or IP address, vouched for by a trusted authority.
   *
   * @param name a DNS name or an IP literal
   */
  record HostName(String name) implements ServerIdentity {}

  /**
   * A certificate, self-made or not, with this very key.
   *
   * @param sha256 SHA-256 of the certificate's SubjectPublicKeyInfo in DER (RFC 7469 §2.4), 32
   *     bytes
   */
  record PinnedKey(Bytes sha256) implements ServerIdentity {
    /** Refuses anything but 32 bytes. */
    public PinnedKey {
      if (sha256.length() != 32) {
        throw new IllegalArgumentException("a SHA-256 pin has 32 bytes, not " + sha256.length());
      }
    }
  }

  /**
   * Either of both: whoever knows a server's key needs no authority, and whoever finds another key
   * there, as behind a proxy, asks the authorities.
   *
   * @param name see {@link HostName}
   * @param key see {@link PinnedKey}
   */
  record HostNameOrKey(HostName name, PinnedKey key) implements ServerIdentity {}
}
