package dev.culvert.sansio;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A service of a host as it is known on a link (RFC 6763).
 *
 * @param type what it is, such as {@code _culvert._tcp} (§7)
 * @param instance which one, a name that nobody else has: one label of letters, digits and hyphens
 *     (§4.1.1), in small letters
 * @param port 1 to 65535
 * @param text {@code key=value}, at most 16 of them with at most 255 bytes each (§6)
 */
public record LocalService(String type, String instance, int port, List<String> text) {
  private static final int MOST_TEXTS = 16;
  private static final int LONGEST_TEXT = 255;

  /** Refuses what cannot be announced. */
  public LocalService {
    text = List.copyOf(text);
    if (!isType(type) || !LocalNames.isPublishable(instance + ".local")) {
      throw new IllegalArgumentException("no service: " + instance + "." + type);
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("no port: " + port);
    }
    if (text.size() > MOST_TEXTS || !text.stream().allMatch(LocalService::isText)) {
      throw new IllegalArgumentException("not to be announced: " + text);
    }
  }

  /** Whether it is the name of a kind of service over TCP or UDP. */
  public static boolean isType(String type) {
    return type.matches("_[a-z0-9][a-z0-9-]{0,14}\\._(tcp|udp)");
  }

  /** Whether it can be one of the texts. */
  public static boolean isText(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return text.indexOf('=') > 0 && length <= LONGEST_TEXT;
  }

  /** What stands behind a key, in letters of either case (§6.4); the first counts. */
  public Optional<String> value(String key) {
    return text.stream()
        .filter(one -> one.length() > key.length() && one.charAt(key.length()) == '=')
        .filter(one -> one.regionMatches(true, 0, key, 0, key.length()))
        .map(one -> one.substring(key.length() + 1))
        .findFirst();
  }

  /** The host name under which it announces its address. */
  public String host() {
    return instance + ".local";
  }
}
