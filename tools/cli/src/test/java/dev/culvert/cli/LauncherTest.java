package dev.culvert.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code tools/culvert} in a tree of its own, with a Maven and a Java that pretend. */
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      for word in "$@"; do
        case $word in
          -XX:DumpLoadedClassList=*) echo list > "${word#*=}"; exit 0 ;;
          -Xshare:dump) dump=1 ;;
          -XX:SharedArchiveFile=*) [ -n "$dump" ] && echo classes > "${word#*=}" && exit 0 ;;
        esac
      done
      printf '%s\\n' "$@"
      exit 42
      """;

  private static final String MAVEN =
      """
      #!/bin/sh
      echo built >> mvn.log
      [ -f broken ] && { echo 'ERROR: broken'; exit 1; }
      sleep 0.3
      mkdir -p tools/cli/target/culvert/lib
      echo jar > tools/cli/target/culvert/lib/culvert-cli-1.jar
      """;

  @TempDir private Path folder;
  private Path tree;
  private Path jdk;
  private Path tools;

  private record Ended(int exitCode, String out, String err) {}

  @BeforeEach
  void plant() throws IOException {
    tree = folder.resolve("a tree");
    jdk = folder.resolve("a jdk");
    tools = folder.resolve("bin");
    write(tree.resolve("pom.xml"), "");
    write(tree.resolve("tools/cli/pom.xml"), "");
    write(tree.resolve("tools/cli/src/main/Some.java"), "");
    write(tree.resolve("tools/culvert"), Files.readString(Path.of("../culvert")));
    write(jdk.resolve("bin/java"), JAVA);
    write(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    write(
        jdk.resolve("release"),
        "IMPLEMENTOR=\"T\"\nJAVA_RUNTIME_VERSION=\"17.0.1+1\"\nJAVA_VERSION=\"17.0.1\"\n");
    write(tools.resolve("mvn"), MAVEN);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(Path launcher, String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of(launcher.toString()));
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    builder.environment().remove("CULVERT_BUILD");
    return builder.start();
  }

  private static Ended end(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String out = text(process.getInputStream());
    String err = text(process.getErrorStream());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Ended(process.exitValue(), out, err);
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private Ended run(String... args) throws IOException, InterruptedException {
    return end(start(tree.resolve("tools/culvert"), args));
  }

  private long builds() throws IOException {
    return Files.readAllLines(tree.resolve("mvn.log")).size();
  }

  @Test
  void buildsOnceAndHandsArgumentsAndExitCodeOn() throws IOException, InterruptedException {
    Ended first = run("check", "--server", "a b", "");
    assertEquals(42, first.exitCode(), first.err());
    assertTrue(first.err().startsWith("culvert: building (first time only"), first.err());
    assertEquals(1, first.err().lines().count(), first.err());
    assertTrue(first.out().endsWith("Culvert\ncheck\n--server\na b\n\n"), first.out());
    assertTrue(first.out().contains("-XX:TieredStopAtLevel=1\n"), first.out());
    assertTrue(first.out().contains("-Dculvert.terminals=\n"), first.out());
    assertTrue(first.out().contains(tree + "/tools/cli/target/culvert/cds/"), first.out());

    Ended second = run("node");
    assertEquals("", second.err());
    assertFalse(second.out().contains("TieredStopAtLevel"), second.out());
    assertEquals(1, builds());
  }

  @Test
  void buildsAgainWhenASourceIsNewerUnlessForbidden() throws IOException, InterruptedException {
    run();
    Files.setLastModifiedTime(
        tree.resolve("tools/cli/src/main/Some.java"), FileTime.from(Instant.now().plusSeconds(5)));
    ProcessBuilder never = new ProcessBuilder(tree.resolve("tools/culvert").toString());
    never.environment().put("JAVA_HOME", jdk.toString());
    never.environment().put("CULVERT_BUILD", "never");
    assertEquals("", end(never.start()).err());
    Ended again = run();
    assertTrue(again.err().startsWith("culvert: building, since the sources"), again.err());
    assertEquals(2, builds());
  }

  @Test
  void manyAtOnceBuildOnce() throws IOException, InterruptedException {
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(start(tree.resolve("tools/culvert"), "go"));
    }
    for (Process one : all) {
      assertEquals(42, end(one).exitCode());
    }
    assertEquals(1, builds());
  }

  @Test
  void aDeadBuildersLockIsClearedAway() throws IOException, InterruptedException {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    write(tree.resolve("tools/cli/target/culvert.lock/pid"), dead.pid() + "\n");
    assertEquals(42, run().exitCode());
    assertEquals(1, builds());
  }

  @Test
  void aFailedBuildShowsWhatMavenSaidAndHowToGoOn() throws IOException, InterruptedException {
    write(tree.resolve("broken"), "");
    Ended failed = run();
    assertEquals(1, failed.exitCode());
    assertTrue(failed.err().contains("ERROR: broken"), failed.err());
    assertTrue(failed.err().contains("culvert: the build failed; mend"), failed.err());
    Files.delete(tree.resolve("broken"));
    assertEquals(42, run().exitCode());
  }

  @Test
  void worksThroughSymbolicLinks() throws IOException, InterruptedException {
    Path links = Files.createDirectory(folder.resolve("links"));
    Files.createSymbolicLink(links.resolve("one"), Path.of("../a tree/tools/culvert"));
    Files.createSymbolicLink(links.resolve("two"), Path.of("one"));
    Ended ended = end(start(links.resolve("two"), "x"));
    assertEquals(42, ended.exitCode(), ended.err());
    assertTrue(ended.out().contains("-Dculvert.launcher=" + tree + "/tools/culvert"), ended.out());
  }

  @Test
  void anInstallationNeedsNoMaven() throws IOException, InterruptedException {
    Path home = folder.resolve("an installation");
    write(home.resolve("bin/culvert"), Files.readString(Path.of("../culvert")));
    write(home.resolve("lib/culvert-cli-1.jar"), "jar");
    Ended ended = end(start(home.resolve("bin/culvert"), "x"));
    assertEquals(42, ended.exitCode(), ended.err());
    assertEquals("", ended.err());
    assertFalse(Files.exists(tree.resolve("mvn.log")));
    assertTrue(Files.exists(home.resolve("cds/17.0.1+1.jsa")));
  }

  @Test
  void aBrokenInstallationIsNamed() throws IOException, InterruptedException {
    Path home = folder.resolve("broken");
    write(home.resolve("bin/culvert"), Files.readString(Path.of("../culvert")));
    Files.createDirectories(home.resolve("lib"));
    Ended ended = end(start(home.resolve("bin/culvert")));
    assertEquals(1, ended.exitCode());
    assertTrue(ended.err().contains("the installation is not complete"), ended.err());
  }
}
