package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A lab that cannot start says why and what to do, in one line. */
class FaultTest {

  private static String problemWithin(String shell) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-euc", shell, "sh"));
    words.addAll(ChildJvm.java(LabProgram.class, "problem"));
    Child child = Child.run(60, words);
    assertEquals(0, child.exitCode(), child.output());
    assertEquals(1, child.output().strip().lines().count(), child.output());
    return child.output();
  }

  @Test
  void thereIsNoProblemHere() throws Exception {
    assertEquals("none\n", problemWithin("exec \"$@\""));
  }

  @Test
  void missingNftIsNamedWithItsPackage() throws Exception {
    String problem =
        problemWithin(
            "mount --bind /dev/null \"$(PATH=$PATH:/usr/sbin command -v nft)\"; exec \"$@\"");
    assertTrue(
        problem.contains("nft is missing") && problem.contains("apt-get install nftables"),
        problem);
  }

  @Test
  void missingUnshareIsNamedWithItsPackage() throws Exception {
    Child child =
        Child.run(60, ChildJvm.java(LabProgram.class, "problem"), Map.of("PATH", "/nonexistent"));
    assertTrue(
        child.output().contains("unshare") && child.output().contains("apt-get install util-linux"),
        child.output());
    assertEquals(1, child.output().strip().lines().count(), child.output());
  }

  @Test
  void forbiddenUserNamespacesAreNamedWithTheMend() throws Exception {
    String problem =
        problemWithin(
            "echo 0 >/proc/sys/user/max_user_namespaces;"
                + " exec setpriv --inh-caps=-all --bounding-set=-all -- \"$@\"");
    assertTrue(
        problem.contains("does not let ordinary users make namespaces")
            && problem.contains("run it as root"),
        problem);
  }

  @Test
  void aRulesetThatTheKernelRefusesIsNamedWithItsStage() throws Exception {
    String problem =
        problemWithin(
            "nft=$(PATH=$PATH:/usr/sbin command -v nft); f=$(mktemp);"
                + " printf '#!/bin/sh\\necho Error: Could not process rule: No such file or directory"
                + "\\nexit 1\\n' >$f; chmod 755 $f; mount --bind $f $nft; rm -f $f; exec \"$@\"");
    assertTrue(problem.contains("(rules)") && problem.contains("modprobe"), problem);
  }
}
