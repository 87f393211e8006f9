package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.Streams;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.turn.auth.CredentialStore;
import dev.culvert.turn.auth.TimeLimitedUsers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayCredentialsTest {
  /** In the year 2100. */
  private static final String LATE = "4102444800:me";

  private final RelayOptions options = new RelayOptions();
  private final StringWriter err = new StringWriter();

  private CredentialStore store(Map<String, String> environment) {
    Console console =
        new Console(
            new Streams(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                false,
                false,
                true,
                environment));
    return new RelayCredentials(options, Optional.empty(), console).store(new Random(7));
  }

  private static boolean knows(CredentialStore store, String name, String password) {
    IntegrityKey key =
        IntegrityKey.longTerm(PasswordAlgorithm.SHA_256, name, store.realm(), password);
    return store.keys(name, PasswordAlgorithm.SHA_256).contains(key);
  }

  private static boolean knowsSecret(CredentialStore store, String secret) {
    return knows(store, LATE, TimeLimitedUsers.password(secret, LATE));
  }

  @Test
  void withoutAnythingASecretIsMadeAndShown() {
    CredentialStore store = store(Map.of());
    Matcher shown = Pattern.compile("relay auth-secret=([0-9a-f]{48}) ").matcher(err.toString());
    assertTrue(shown.find(), err.toString());
    assertTrue(knowsSecret(store, shown.group(1)));
    assertFalse(knowsSecret(store, "secret"));
    assertTrue(err.toString().contains("culvert turn cred --secret "), err.toString());
    assertEquals("culvert", store.realm());
    assertEquals(Optional.empty(), store.key("", PasswordAlgorithm.MD5));
  }

  @Test
  void takesUsersAndSecretsFromEverywhere(@TempDir Path folder) throws IOException {
    options.realm = "example.org";
    options.users = List.of("one:1");
    options.usersFile = secret(folder.resolve("users"), "# ours\ntwo:2\n");
    options.secrets = List.of("first");
    options.secretsFile = secret(folder.resolve("secrets"), "second\n");
    CredentialStore store =
        store(
            Map.of(
                RelayCredentials.USERS_VARIABLE, "three:3\nfour:4",
                RelayCredentials.SECRETS_VARIABLE, "third"));
    assertEquals("example.org", store.realm());
    for (String user : List.of("one:1", "two:2", "three:3", "four:4")) {
      String[] both = user.split(":", -1);
      assertTrue(knows(store, both[0], both[1]), user);
    }
    for (String secret : List.of("first", "second", "third")) {
      assertTrue(knowsSecret(store, secret), secret);
    }
    assertFalse(knowsSecret(store, "fourth"));
    assertEquals("", err.toString());
  }

  @Test
  void usersAloneMakeNoSecret() {
    options.users = List.of("one:1");
    CredentialStore store = store(Map.of());
    assertTrue(store.findsHashes());
    assertTrue(store.keys(LATE, PasswordAlgorithm.MD5).isEmpty());
    assertEquals("", err.toString());
  }

  @Test
  void warnsOfAFileThatEverybodyReads(@TempDir Path folder) throws IOException {
    options.usersFile = secret(folder.resolve("users"), "one:1");
    boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
    if (posix) {
      Files.setPosixFilePermissions(
          options.usersFile, PosixFilePermissions.fromString("rw-r--r--"));
    }
    assertTrue(knows(store(Map.of()), "one", "1"));
    assertEquals(posix, err.toString().contains("is readable by everybody"), err.toString());
  }

  @Test
  void namesFileAndLineOfAFaultWithoutShowingIt(@TempDir Path folder) throws IOException {
    options.usersFile = secret(folder.resolve("users"), "one:1\nhidden");
    Fault fault = assertThrows(Fault.class, () -> store(Map.of()));
    assertTrue(fault.line().contains("users, line 2: a user is NAME:PASSWORD"), fault.line());
    assertFalse(fault.line().contains("hidden"), fault.line());
    options.usersFile = null;
    Fault inEnvironment =
        assertThrows(Fault.class, () -> store(Map.of(RelayCredentials.USERS_VARIABLE, "hidden")));
    assertTrue(inEnvironment.line().startsWith("CULVERT_USERS, line 1: "), inEnvironment.line());
  }

  private static Path secret(Path file, String text) throws IOException {
    Files.writeString(file, text);
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return file;
  }
}
