package dev.culvert.cli.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdCommandTest {
  private static final String ID = "47pjoycnsrfmxikm95jh13y88e8qnhzu5kungjpxyepgt7a8krpy";
  private static final String SEED =
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

  @TempDir Path folder;

  @Test
  void aNewKeyIsShownAgainAndNotReplaced() throws Exception {
    Map<String, String> environment = Map.of("HOME", folder.toString());
    Path file = folder.resolve(".config/culvert/peer.key");
    Run made = Run.in(environment, false, "-o", "json", "id", "new");
    assertEquals(0, made.exitCode(), made.err());
    assertEquals(file.toString(), JsonFields.read(made.out()).get("key"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Run shown = Run.in(environment, false, "-o", "json", "id", "show");
    assertEquals(made.out(), shown.out());
    Run again = Run.in(environment, false, "id", "new");
    assertEquals(2, again.exitCode());
    assertTrue(again.err().contains("there is a file already"), again.err());
    assertEquals(1, again.err().lines().count(), again.err());
  }

  @Test
  void allFormsOfAnIdAreShown() {
    Run shown = Run.of("id", "show", ID);
    assertEquals(0, shown.exitCode(), shown.err());
    assertTrue(shown.out().contains("did:key  did:key:z6Mktwupdm"), shown.out());
    String libp2p = shown.out().lines().filter(line -> line.startsWith("libp2p")).findFirst().get();
    assertEquals(shown.out(), Run.of("id", "show", libp2p.substring(9)).out());
  }

  @Test
  void aKeyOfAnotherProgramIsTakenOver() throws Exception {
    Path seed = Files.writeString(folder.resolve("seed"), SEED);
    Files.setPosixFilePermissions(seed, PosixFilePermissions.fromString("rw-------"));
    Path file = folder.resolve("own.key");
    Run taken = Run.of("id", "import", seed.toString(), "--key", file.toString());
    assertEquals(0, taken.exitCode(), taken.err());
    assertTrue(taken.out().contains(ID), taken.out());
    assertTrue(Files.readString(file).startsWith("-----BEGIN PRIVATE KEY-----"));
    Run shown = Run.in(Map.of("CULVERT_KEY", file.toString()), false, "id", "show");
    assertEquals(taken.out(), shown.out());
  }

  @Test
  void faultsAreOneLineWithTheMend() throws Exception {
    assertFault("which command? There are: new, show, import", "id");
    assertFault("it has 5 letters, not 52", "id", "show", "hello");
    String nowhere = folder.resolve("none").toString();
    assertFault("there is no such file", "id", "show", "--key", nowhere);
    assertFault("nobody says where your files are", "id", "new");
    Path open = Files.writeString(folder.resolve("open"), SEED);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertFault("others may use this key", "id", "import", open.toString(), "--key", nowhere);
  }

  private static void assertFault(String words, String... line) {
    Run run = Run.of(line);
    assertEquals(2, run.exitCode(), run.out());
    assertTrue(run.err().contains(words), run.err());
  }
}
