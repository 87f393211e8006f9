package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labs come, are found, and go without a trace, however their makers end. */
class LifeTest {

  private static List<String> program(boolean root, String... arguments) throws IOException {
    List<String> words = ChildJvm.java(LabProgram.class, arguments);
    return root ? words : ChildJvm.ordinary(words);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKilledJvmLeavesNothing(boolean root) throws Exception {
    Child.Started holder = Child.start(program(root, "hold"));
    Set<String> spaces = new HashSet<>(List.of(holder.firstLine().split(" ", -1)));
    try {
      assertTrue(spaces.size() > 6, holder.firstLine());
      assertTrue(inUse(spaces), "the test sees the namespaces of a lab that is up");
    } finally {
      holder.process().destroyForcibly();
    }
    Eventually.until("all namespaces are empty", Limits.PROMPT, () -> !inUse(spaces));
  }

  /** Whether any process is in any of the namespaces, or any file keeps one. */
  private static boolean inUse(Set<String> spaces) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        if (Stream.of("net", "pid", "mnt")
            .anyMatch(kind -> spaces.contains(space(process, kind)))) {
          return true;
        }
      }
    }
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    return spaces.stream().anyMatch(mounts::contains);
  }

  private static String space(Path process, String kind) {
    try {
      return Files.readSymbolicLink(process.resolve("ns").resolve(kind)).toString();
    } catch (IOException e) {
      return "no process, one that just ended, or somebody else's";
    }
  }

  @Test
  void severalLabsAtOnceDoNotMeet() throws Exception {
    List<Callable<Set<String>>> makers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      makers.add(
          () -> {
            try (Lab lab = Lab.up(LabSpec.builder().home("a", "prc").build())) {
              Set<String> spaces = new HashSet<>();
              for (String host : lab.addresses().keySet()) {
                spaces.addAll(
                    lab.host(host).run(Limits.PROMPT, "readlink", "/proc/self/ns/net").lines());
              }
              assertEquals(
                  0, lab.host("a").run(Limits.PROMPT, "ping", "-4", "-c1", "s1").exitCode());
              return spaces;
            }
          });
    }
    Set<String> all = new HashSet<>();
    for (Set<String> spaces : Together.all(makers)) {
      assertEquals(5, spaces.size());
      assertTrue(spaces.stream().allMatch(all::add), "a namespace belongs to two labs");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNamedLabOutlivesItsMakerAndIsFoundByOthers(boolean root) throws Exception {
    String name = "it-" + ProcessHandle.current().pid() + (root ? "-r" : "-u");
    Child up = Child.run(60, program(root, "up", name));
    assertEquals(0, up.exitCode(), up.output());
    assertEquals("user " + (!root || !ChildJvm.root()), up.output().strip());
    try {
      assertTrue(Child.run(60, program(root, "list")).output().contains(name));
      Child twice = Child.run(60, program(root, "up", name));
      assertEquals(1, twice.exitCode());
      assertTrue(twice.output().contains("is up already"), twice.output());
      Child ping = Child.run(60, program(root, "exec", name, "a", "ping", "-4", "-c1", "s1"));
      assertEquals(0, ping.exitCode(), ping.output());
      assertEquals(
          3, Child.run(60, program(root, "exec", name, "b", "sh", "-c", "exit 3")).exitCode());
      Child where = Child.run(60, program(root, "exec", name, "a", "pwd"));
      assertEquals(ChildJvm.process(List.of("x")).directory() + "\n", where.output());
      Child java =
          Child.run(
              60,
              program(root, "exec", name, "a", ChildJvm.java(LabProgram.class).get(0), "-version"));
      assertEquals(0, java.exitCode(), java.output());
      Child missing = Child.run(60, program(root, "exec", name, "zz", "true"));
      assertEquals(1, missing.exitCode());
      assertTrue(missing.output().contains("there is no host 'zz'"), missing.output());
      assertEquals(127, Child.run(60, program(root, "exec", name, "a", "nonesuch")).exitCode());
    } finally {
      Child down = Child.run(60, program(root, "down", name));
      assertEquals(0, down.exitCode(), down.output());
    }
    Child gone = Child.run(60, program(root, "exec", name, "a", "true"));
    assertEquals("refused: no lab called '" + name + "' is up", gone.output().strip());
  }

  @Test
  void aReusedProcessNumberIsNotALab(@TempDir Path runtime) throws Exception {
    Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
    List<String> exec = program(true, "exec", "mine", "a", "true");
    assertEquals(0, Child.run(60, program(true, "up", "mine"), environment).exitCode());
    Path file = runtime.resolve("culvert-lab/mine.lab");
    String entry = Files.readString(file);
    assertEquals(0, Child.run(60, exec, environment).exitCode());
    assertEquals(0, Child.run(60, program(true, "down", "mine"), environment).exitCode());
    assertTrue(Files.notExists(file));

    // The same number, now of this living JVM, which started at another time.
    String forged = entry.replaceFirst("(?m)^pid [0-9]+$", "pid " + ProcessHandle.current().pid());
    Files.writeString(file, forged);
    assertEquals(1, Child.run(60, exec, environment).exitCode());
    assertTrue(Files.notExists(file), "stale state cleans itself");

    Files.writeString(file, "pid soon\n");
    assertEquals(1, Child.run(60, exec, environment).exitCode());
    assertTrue(Files.notExists(file), "nonsense is cleaned too");
  }

  @Test
  void endingALabEndsItsProgramsAndIsFelt() throws Exception {
    try (Lab lab = Lab.up(LabSpec.builder().home("a", "open").build())) {
      var sleep = lab.host("a").start("sleep", "1000");
      assertTrue(sleep.alive());
      lab.down();
      assertTrue(!lab.alive());
      Eventually.until("its program has ended", Limits.PROMPT, () -> !sleep.alive());
      Assertions.assertThrows(LabException.class, () -> lab.host("a").start("true"));
    }
  }
}
