package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name that the certificate of the {@link AlternateServer} must be for (RFC 8489 §14.16).
 *
 * @param domain a DNS name of at most 255 ASCII characters (RFC 1123)
 */
public record AlternateDomain(String domain) implements Attribute {
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*\\.?");

  /** Refuses what is no DNS name. */
  public AlternateDomain {
    if (!isName(domain)) {
      throw new IllegalArgumentException(
          "ALTERNATE-DOMAIN is a DNS name of at most 255 characters");
    }
  }

  private static boolean isName(String domain) {
    return domain.length() <= 255 && NAME.matcher(domain).matches();
  }

  @Override
  public int type() {
    return AttributeType.ALTERNATE_DOMAIN;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.utf8(domain);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() > 255
        ? Optional.empty()
        : Text.decodeUnlimited(value).filter(AlternateDomain::isName).map(AlternateDomain::new);
  }
}
