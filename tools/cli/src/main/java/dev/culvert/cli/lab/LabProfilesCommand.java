package dev.culvert.cli.lab;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.lab.Lab;
import dev.culvert.lab.spec.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code culvert lab profiles}. */
@Command(
    name = "profiles",
    header = "Lists the NATs that a lab can have.",
    footer = {
      "MAPPING/FILTERING/PORTS makes another: mapping eim, adm, apdm or none; filtering eif, adf",
      "or apdf; ports preserving, sequential, random or overloading. +hairpin, +timeout=30s,",
      "+ports=40000-40999, +ipv6=none, +traffic=no-udp change one; X@Y puts X behind Y."
    })
public final class LabProfilesCommand implements Callable<Integer> {
  private final Console console;

  LabProfilesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.show(new ProfilesView(Lab.profiles()));
    return ExitCode.OK.number();
  }

  /** The profiles, as the command shows them. */
  record ProfilesView(List<Profile> profiles) implements View {

    @Override
    public String text(Style style) {
      int width = profiles.stream().mapToInt(profile -> profile.name().length()).max().orElse(0);
      List<String> lines = new ArrayList<>();
      for (Profile profile : profiles) {
        String pad = " ".repeat(width - profile.name().length());
        lines.add(style.bold(profile.name()) + pad + "  " + profile.summary());
        lines.add(" ".repeat(width + 2) + style.faint(profile.words()));
      }
      return String.join(System.lineSeparator(), lines);
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeStartObject();
      out.writeStringField("schema", "culvert.lab-profiles/1");
      out.writeArrayFieldStart("profiles");
      for (Profile profile : profiles) {
        out.writeStartObject();
        out.writeStringField("name", profile.name());
        out.writeStringField("summary", profile.summary());
        out.writeStringField("behaviour", profile.words());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }
}
