package dev.culvert.transport.http;

import dev.culvert.sansio.TransportAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request that was read whole (RFC 9112). What its body said is not kept.
 *
 * @param method such as {@code GET}
 * @param path of the target, percent-decoded, without the query; begins with a slash
 * @param query what stands behind the question mark, as it came; empty if nothing does
 * @param fields of its header by their names in small letters; values of the same name are joined
 *     by commas (RFC 9110 §5.2)
 * @param remote who asks
 */
public record HttpRequest(
    String method, String path, String query, Map<String, String> fields, TransportAddress remote) {
  /** Copies the fields. */
  public HttpRequest {
    fields = Map.copyOf(fields);
  }

  /** A header field, whichever way its name is written. */
  public Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
  }
}
