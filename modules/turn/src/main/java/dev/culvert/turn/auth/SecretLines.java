package dev.culvert.turn.auth;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads files with users or shared secrets: one to a line; empty lines and those that begin with
 * {@code #} are passed over.
 */
public final class SecretLines {
  private SecretLines() {}

  /**
   * The users of {@code text}, each as in {@link StaticUser#parse}; a name may stand there twice
   * with two keys.
   *
   * @param source the file's name, for the message of a fault
   * @throws SecretLinesException if a line is no user
   */
  public static List<StaticUser> users(String text, String source) throws SecretLinesException {
    Set<String> seen = new HashSet<>();
    return read(
        text,
        source,
        "write NAME:PASSWORD, or NAME:0xKEY with the key in 32 or 64 hexadecimal digits",
        line -> {
          StaticUser user = StaticUser.parse(line);
          for (int algorithm : user.algorithms()) {
            if (!seen.add(algorithm + user.name())) {
              throw new IllegalArgumentException("user " + user.name() + " is given twice");
            }
          }
          return user;
        });
  }

  /**
   * The shared secrets of {@code text}, the one in use first.
   *
   * @param source the file's name, for the message of a fault
   * @throws SecretLinesException if there is none
   */
  public static List<String> secrets(String text, String source) throws SecretLinesException {
    return read(text, source, "write one secret to a line", line -> line);
  }

  private static <T> List<T> read(
      String text, String source, String mend, Function<String, T> reader)
      throws SecretLinesException {
    List<T> found = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        found.add(reader.apply(line));
      } catch (IllegalArgumentException e) {
        throw new SecretLinesException(source + ", line " + (i + 1) + ": " + e.getMessage(), mend);
      }
    }
    if (found.isEmpty()) {
      throw new SecretLinesException(source + " has no line that counts", mend);
    }
    return found;
  }
}
