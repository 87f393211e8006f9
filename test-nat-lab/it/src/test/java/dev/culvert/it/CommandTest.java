package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the README tells a newcomer to type. */
@Isolated("what is measured must not wait for processors")
class CommandTest {

  private static Child culvert(String... words) throws Exception {
    return Child.run(110, ChildJvm.java(Culvert.class, words));
  }

  @Test
  void theDemoNamesEveryNatOfThisKernelRightly() throws Exception {
    Child demo = culvert("demo");
    assertEquals(0, demo.exitCode(), demo.output());
    assertTrue(demo.output().contains("10 of 10 NATs of this kernel"), demo.output());
  }

  @Test
  void aLabComesUpTakesACheckAndGoesDown() throws Exception {
    String name = "--name=it-" + ProcessHandle.current().pid();
    Child up = culvert("lab", "up", name, "--a", "prc", "--b", "sym");
    assertEquals(0, up.exitCode(), up.output());
    try {
      List<String> inside = new ArrayList<>(List.of("lab", "exec", name, "b", "--"));
      inside.addAll(
          ChildJvm.java(Culvert.class, "check", "--server", "s1", "--deadline", "20s", "-q"));
      Child check = culvert(inside.toArray(new String[0]));
      assertEquals(0, check.exitCode(), check.output());
      assertTrue(
          check.output().lines().anyMatch(line -> line.matches(".*mapping +address-and-port-.*")),
          check.output());
    } finally {
      Child down = culvert("lab", "down", name);
      assertEquals(0, down.exitCode(), down.output());
    }
    Child gone = culvert("lab", "exec", name, "a", "--", "true");
    assertTrue(gone.exitCode() != 0, gone.output());
    assertTrue(gone.output().contains("lab"), gone.output());
  }
}
