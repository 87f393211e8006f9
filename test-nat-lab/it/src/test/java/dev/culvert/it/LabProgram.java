package dev.culvert.it;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.spec.Impairment;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.world.KernelWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program of somebody else who uses labs; its failures are one line and exit code 1. */
final class LabProgram {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private LabProgram() {}

  public static void main(String[] words) throws Exception {
    try {
      switch (words[0]) {
        case "hold" -> hold();
        case "up" -> {
          try (Unclosed lab = new Unclosed(Lab.up(words[1], spec()))) {
            System.out.println("user " + lab.lab().userNamespace());
          }
        }
        case "exec" -> {
          List<String> command = List.of(words).subList(3, words.length);
          LabHost host = find(words[1]).host(words[2]);
          System.exit(host.command(command).inheritIO().start().waitFor());
        }
        case "pass" -> {
          try (Lab lab = Lab.up(spec(Impairment.valueOf(words[1]), words[2]))) {
            System.out.println(lab.alive() ? "was up" : "was not up");
          }
        }
        case "change" -> {
          try (KernelWorld world = KernelWorld.up(spec(Impairment.valueOf(words[1]), words[2]))) {
            world.relink("a-nat", LinkSpec.parse(words[3]));
            world.cut("a-nat");
            world.mend("a-nat");
            world.relink("a-nat", LinkSpec.PERFECT);
            System.out.println(world.lab().alive() ? "was up" : "was not up");
          }
        }
        case "down" -> find(words[1]).down();
        case "list" -> System.out.println(Lab.running());
        case "problem" -> System.out.println(Lab.problem().orElse("none"));
        default -> throw new IllegalArgumentException(words[0]);
      }
    } catch (LabException | IllegalArgumentException e) {
      System.out.println("refused: " + e.getMessage());
      System.exit(1);
    }
  }

  /** A lab of this JVM that only ends with it; tells the namespaces that hold it. */
  private static void hold() throws Exception {
    try (Lab lab = Lab.up(spec())) {
      List<String> spaces = new ArrayList<>();
      for (String host : lab.addresses().keySet()) {
        LabHost at = lab.host(host);
        spaces.addAll(at.run(LIMIT, "readlink", "/proc/self/ns/net").lines());
        spaces.addAll(at.run(LIMIT, "readlink", "/proc/self/ns/pid").lines());
        spaces.addAll(at.run(LIMIT, "readlink", "/proc/self/ns/mnt").lines());
        at.start("sleep", "1000");
      }
      System.out.println(String.join(" ", spaces));
      // Whoever started this ends it, if only by ending.
      int end = System.in.read();
      System.out.println("ended with " + end);
    }
  }

  private static LabSpec spec() {
    return spec(Impairment.AUTOMATIC, "delay:1ms");
  }

  private static LabSpec spec(Impairment impairment, String link) {
    return LabSpec.builder()
        .impairment(impairment)
        .home("a", "prc")
        .home("b", "sym")
        .link("a", LinkSpec.parse(link))
        .build();
  }

  private static Lab find(String name) throws LabException {
    return Lab.find(name).orElseThrow(() -> new LabException("no lab called '" + name + "' is up"));
  }

  /** A lab that outlives its variable on purpose. */
  private record Unclosed(Lab lab) implements AutoCloseable {
    @Override
    public void close() {}
  }
}
