package dev.culvert.lab.junit;

import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.scenario.ScenarioFault;
import dev.culvert.lab.scenario.ScenarioParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the scenario of a {@link NatLab} stands. */
final class ScenarioSource {
  private ScenarioSource() {}

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if there is none or it cannot be understood, for people
   */
  static Scenario read(String text, Class<?> near) {
    try {
      if (text.lines().count() > 1) {
        return ScenarioParser.parse(near.getSimpleName(), text);
      }
      String name = text.strip();
      for (String resource : new String[] {name, "/" + name}) {
        try (InputStream in = near.getResourceAsStream(resource)) {
          if (in != null) {
            String found = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return ScenarioParser.parse(name, found);
          }
        }
      }
      if (!Files.isReadable(Path.of(name))) {
        throw new IllegalArgumentException(
            "there is no scenario '"
                + name
                + "': no resource beside "
                + near.getName()
                + " or on the class path, and no file");
      }
      return ScenarioParser.read(Path.of(name));
    } catch (ScenarioFault e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the scenario '" + text + "' cannot be read: " + e, e);
    }
  }
}
