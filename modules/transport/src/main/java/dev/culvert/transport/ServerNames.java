package dev.culvert.transport;

import dev.culvert.sansio.IpLiterals;
import java.net.IDN;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a certificate is for a name (RFC 9525). Only subjectAltName counts (§6.1), a wildcard
 * stands for the whole first label and nothing else (§6.3), and an IP address only for itself
 * (§6.4).
 */
final class ServerNames {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private ServerNames() {}

  static void check(X509Certificate certificate, String wanted) throws UntrustedServerException {
    List<String> names = names(certificate, DNS_NAME);
    List<String> ips = names(certificate, IP_ADDRESS);
    Optional<InetAddress> ip = IpLiterals.parse(wanted);
    boolean matches =
        ip.isPresent()
            ? ips.stream().anyMatch(shown -> IpLiterals.parse(shown).equals(ip))
            : names.stream().anyMatch(shown -> matches(shown, ascii(wanted)));
    if (!matches) {
      List<String> all = new ArrayList<>(names);
      all.addAll(ips);
      throw new UntrustedServerException(
          "the server's certificate is for "
              + (all.isEmpty() ? "no name at all" : String.join(", ", all))
              + ", not for "
              + wanted);
    }
  }

  /** Lower case, A-labels, without the root's dot. */
  static String ascii(String name) {
    String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return IDN.toASCII(relative).toLowerCase(Locale.ROOT);
  }

  static boolean matches(String shown, String wanted) {
    String pattern = shown.toLowerCase(Locale.ROOT);
    if (!pattern.startsWith("*.")) {
      return pattern.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    String parent = pattern.substring(2);
    return dot > 0
        && parent.indexOf('*') < 0
        && parent.indexOf('.') > 0
        && wanted.substring(dot + 1).equals(parent);
  }

  private static List<String> names(X509Certificate certificate, int kind)
      throws UntrustedServerException {
    Collection<List<?>> all;
    try {
      all = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      throw new UntrustedServerException("the names in the server's certificate are garbled");
    }
    List<String> names = new ArrayList<>();
    for (List<?> name : all == null ? List.<List<?>>of() : all) {
      if (name.get(0).equals(kind) && name.get(1) instanceof String text) {
        names.add(text);
      }
    }
    return names;
  }
}
