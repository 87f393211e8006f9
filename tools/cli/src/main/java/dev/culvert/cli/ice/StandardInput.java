package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.ice.text.IceDescription;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Descriptions that people paste. */
final class StandardInput {
  private StandardInput() {}

  /**
   * Reads lines until there is a description. What is damaged is refused, and may be pasted again.
   *
   * @throws Fault if the input ends without one
   */
  static IceDescription read(Console console) {
    Paste paste = new Paste();
    Optional<String> refused = Optional.empty();
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        try {
          Optional<IceDescription> description = paste.take(line);
          if (description.isPresent()) {
            return description.get();
          }
        } catch (DamagedException e) {
          refused = Optional.of(String.valueOf(e.getMessage()));
          if (!in.ready()) {
            console.say(e.getMessage() + "; paste it again");
          }
        }
      }
      return paste.end();
    } catch (DamagedException e) {
      throw Fault.usage(refused.orElse(String.valueOf(e.getMessage())), "");
    } catch (IOException e) {
      throw Fault.usage("standard input cannot be read", "--in FILE names a file");
    }
  }
}
