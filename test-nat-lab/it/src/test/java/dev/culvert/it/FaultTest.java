package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lab that cannot start says why and what to do, in one line. */
class FaultTest {

  private static String problemWithin(String shell) throws Exception {
    Child child = within(shell, "problem");
    assertEquals(0, child.exitCode(), child.output());
    assertEquals(1, child.output().strip().lines().count(), child.output());
    return child.output();
  }

  /** Runs the shell script in a mount namespace of its own, and the lab program at its end. */
  private static Child within(String shell, String... arguments) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-euc", shell, "sh"));
    words.addAll(ChildJvm.java(LabProgram.class, arguments));
    return Child.run(60, words);
  }

  /** Shell that puts another program in the place of a tool of the system. */
  private static String instead(String tool, String program) {
    return "tool=$(PATH=$PATH:/usr/sbin:/sbin command -v "
        + tool
        + "); fake=$(mktemp); printf '%s\\n' '#!/bin/sh' '"
        + program
        + "' >$fake; chmod 755 $fake; mount --bind $fake $tool; rm -f $fake; ";
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

  @ParameterizedTest
  @CsvSource({"1000, 'ordinary users', 'run it as root'", "0, CAP_SYS_ADMIN, 'run it outside'"})
  void forbiddenNamespacesAreNamedWithTheMend(String uid, String fault, String mend)
      throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-user=" + uid,
                "--keep-caps",
                "sh",
                "-euc",
                "echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --inh-caps=-all"
                    + " --ambient-caps=-all --bounding-set=-all -- \"$@\"",
                "sh"));
    words.addAll(ChildJvm.java(LabProgram.class, "problem"));
    String problem = Child.run(60, words).output();
    assertTrue(problem.contains(fault) && problem.contains(mend), problem);
    assertEquals(1, problem.strip().lines().count(), problem);
  }

  @Test
  void aRulesetThatTheKernelRefusesIsNamedWithItsStage() throws Exception {
    String problem =
        problemWithin(
            instead("nft", "echo Error: Could not process rule: No such file or directory; exit 1")
                + "exec \"$@\"");
    assertTrue(problem.contains("(rules)") && problem.contains("modprobe"), problem);
  }

  /** Not every kernel has netem, so here is one that says yes to whatever it is asked. */
  @Test
  void whereNetemIsThereItGetsTheLinks() throws Exception {
    Child child =
        within(
            "log=$(mktemp); export log; "
                + instead("tc", "printf \"%s\\n\" \"$*\" >>$log")
                + "\"$@\"; cat $log; rm -f $log",
            "pass",
            "AUTOMATIC",
            "delay:1ms,loss:2%,rate:8mbit,jitter:100us");
    String netem = "root netem limit 10000 delay 1000us 100us loss 2.000000% rate 8000000bit";
    assertEquals(
        List.of(
            "was up",
            "qdisc add dev lo root netem delay 1ms",
            "qdisc del dev lo root",
            "-n a-nat qdisc add dev wan " + netem,
            "-n internet qdisc add dev to-a-nat " + netem),
        child.output().lines().toList());
  }

  @Test
  void whereNetemIsThereItChangesWithTheLinks() throws Exception {
    Child child =
        within(
            "log=$(mktemp); export log; "
                + instead("tc", "printf \"%s\\n\" \"$*\" >>$log")
                + "\"$@\"; cat $log; rm -f $log",
            "change",
            "NETEM",
            "delay:1ms",
            "delay:2ms,duplicate:1%,reorder:3%");
    String wire = "-n wire qdisc ";
    String later = "root netem limit 10000 delay 2000us duplicate 1.000000% reorder 3.000000%";
    assertEquals(
        List.of(
            "was up",
            wire + "add dev lo root netem delay 1ms",
            wire + "del dev lo root",
            wire + "add dev w4a root netem limit 10000 delay 1000us",
            wire + "add dev w4b root netem limit 10000 delay 1000us",
            wire + "del dev w4a root",
            wire + "add dev w4a " + later,
            wire + "del dev w4b root",
            wire + "add dev w4b " + later,
            wire + "del dev w4a root",
            wire + "del dev w4b root",
            wire + "add dev w4a " + later,
            wire + "add dev w4b " + later,
            wire + "del dev w4a root",
            wire + "del dev w4b root"),
        child.output().lines().toList());
  }

  @Test
  void netemThatIsWantedButMissingIsNamedWithTheMend() throws Exception {
    Child child =
        within(
            instead("tc", "echo Error: Specified qdisc kind is unknown.; exit 2") + "exec \"$@\"",
            "pass",
            "NETEM",
            "delay:1ms");
    assertEquals(1, child.exitCode(), child.output());
    assertTrue(child.output().contains("modprobe sch_netem"), child.output());
    Child changeable =
        within(
            instead("tc", "echo Error: Specified qdisc kind is unknown.; exit 2") + "exec \"$@\"",
            "change",
            "NETEM",
            "delay:1ms",
            "delay:2ms");
    assertEquals(child.output(), changeable.output());
    Child automatic =
        within(instead("tc", "echo no; exit 2") + "exec \"$@\"", "pass", "AUTOMATIC", "delay:1ms");
    assertEquals("was up\n", automatic.output());
  }
}
