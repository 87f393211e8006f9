package dev.culvert.transport.http.wire;

import java.util.Optional;

/** Reads the Host field (RFC 9110 §7.2). */
final class HostField {
  private HostField() {}

  /** The host without port and brackets; empty: malformed. */
  static Optional<String> host(String field) {
    String text = field.trim();
    int bracket = text.lastIndexOf(']');
    int colon = text.indexOf(':', bracket + 1);
    String port = colon < 0 ? "" : text.substring(colon + 1);
    String host = colon < 0 ? text : text.substring(0, colon);
    if (!port.matches("[0-9]{0,5}")) {
      return Optional.empty();
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      return Optional.of(host.substring(1, host.length() - 1));
    }
    return Optional.of(host).filter(name -> name.matches("[A-Za-z0-9._~-]*"));
  }
}
