package dev.culvert.transport.http;

import dev.culvert.sansio.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer to an {@link HttpRequest}.
 *
 * @param status its code, 200 to 599 (RFC 9110 §15)
 * @param contentType of the body, such as {@code text/plain; charset=utf-8}
 * @param fields further ones of the header; they replace what is sent with every answer
 * @param body is left out on the wire where the request was a HEAD
 */
public record HttpReply(int status, String contentType, Map<String, String> fields, Bytes body) {
  /** Refuses what is no status of a final answer. */
  public HttpReply {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException(
          "a final answer has a status from 200 to 599, not " + status);
    }
    fields = Map.copyOf(fields);
  }

  /** A line of text. */
  public static HttpReply text(int status, String line) {
    return of(status, "text/plain; charset=utf-8", line + "\n");
  }

  /** Any text, in UTF-8. */
  public static HttpReply of(int status, String contentType, String body) {
    return new HttpReply(
        status, contentType, Map.of(), Bytes.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** That a target knows no such method (RFC 9110 §15.5.6). */
  public static HttpReply notAllowed(String allowed) {
    return text(405, "this answers " + allowed + " only").with("Allow", allowed);
  }

  /** The same with one more header field. */
  public HttpReply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new HttpReply(status, contentType, more, body);
  }
}
