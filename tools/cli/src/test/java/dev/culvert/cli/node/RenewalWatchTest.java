package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Console;
import dev.culvert.cli.Streams;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Pem;
import dev.culvert.sansio.Transport;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.transport.server.StunServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node does when its files change, look by look. */
class RenewalWatchTest {
  private static final CertifiedKey FIRST = NodeFiles.newKey();
  private static final CertifiedKey SECOND = NodeFiles.newKey();

  @TempDir Path folder;

  private final StringWriter err = new StringWriter();
  private final NodeOptions options = new NodeOptions();
  private Instant clock = Instant.now();
  private NodeFiles files;
  private NodePlan plan;
  private StunServer server;
  private RenewalWatch watch;

  @BeforeEach
  void start() throws IOException {
    files = new NodeFiles(folder);
    files.write(FIRST);
    NodeFiles.replace(files.users, "alice:one\n");
    options.listen = List.of("127.0.0.1:0");
    options.tlsListen = List.of("127.0.0.1:0");
    options.certificate = files.certificate;
    options.key = files.key;
    options.relay.relay = true;
    options.relay.usersFile = files.users;
    run();
  }

  private void run() throws IOException {
    PrintWriter out = new PrintWriter(new StringWriter());
    Console console =
        new Console(new Streams(out, new PrintWriter(err), false, false, true, Map.of()));
    plan = NodePlan.of(options, List.of(), console);
    server = StunServer.start(plan.server());
    watch = new RenewalWatch(plan.files(), server, console, () -> clock);
  }

  @AfterEach
  void end() {
    watch.close();
    server.close();
  }

  private String shown() throws Exception {
    return NodeFiles.shownAt(server.addresses(Transport.TLS).get(0));
  }

  private boolean knows(String name) {
    return plan.relay()
        .orElseThrow()
        .service()
        .credentials()
        .key(name, PasswordAlgorithm.MD5)
        .isPresent();
  }

  /** What was told since it was asked last. */
  private String told() {
    String text = err.toString();
    err.getBuffer().setLength(0);
    return text;
  }

  private String look() {
    watch.look();
    watch.look();
    return told();
  }

  @Test
  void takesFilesThatOthersTookThePlaceOf() throws Exception {
    assertEquals("", look());
    files.write(SECOND);
    NodeFiles.replace(files.users, "alice:one\nbob:two\n");
    String told = look();
    assertEquals(2, told.lines().count(), told);
    assertTrue(told.contains("read again: the certificate in " + files.certificate), told);
    assertTrue(told.contains("pin=" + SECOND.pin()), told);
    assertTrue(told.contains("2 users, 0 shared secrets"), told);
    assertFalse(told.contains("two"), told);
    assertEquals(SECOND.pin().toString(), shown());
    assertTrue(knows("bob"));
    assertEquals("", look());
  }

  /** Kubernetes exchanges a link to a folder, certbot links to files. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesFilesThatLinksLeadToSinceNow(boolean folders) throws Exception {
    end();
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    new NodeFiles(one).write(FIRST);
    new NodeFiles(two).write(SECOND);
    Path live = folder.resolve("live");
    if (folders) {
      Files.createSymbolicLink(live, one);
    } else {
      Files.createDirectory(live);
      link(live, one);
    }
    options.certificate = live.resolve("cert.pem");
    options.key = live.resolve("key.pem");
    run();
    assertEquals("", look());
    assertEquals(FIRST.pin().toString(), shown());
    if (folders) {
      exchange(live, two);
    } else {
      link(live, two);
    }
    String told = look();
    assertTrue(told.startsWith("read again: the certificate in "), told);
    assertEquals(SECOND.pin().toString(), shown());
  }

  private static void exchange(Path link, Path target) throws IOException {
    Path next = link.resolveSibling("next");
    Files.createSymbolicLink(next, target);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void link(Path live, Path target) throws IOException {
    for (String name : List.of("cert.pem", "key.pem")) {
      exchange(live.resolve(name), target.resolve(name));
    }
  }

  @Test
  void waitsUntilNobodyWritesAnyMore() throws Exception {
    String text = Pem.write(SECOND.chain());
    watch.look();
    for (int length = 0; length < text.length(); length += 100) {
      Files.writeString(files.certificate, text.substring(0, length));
      watch.look();
    }
    assertEquals("", told());
    files.write(SECOND);
    assertTrue(look().startsWith("read again: "));
    assertEquals(SECOND.pin().toString(), shown());
  }

  @Test
  void keepsWhatItHasWhenAKeyDoesNotFit() throws Exception {
    NodeFiles.replace(files.certificate, Pem.write(SECOND.chain()));
    String told = look();
    assertTrue(told.startsWith("warning: --key "), told);
    assertTrue(told.contains("does not belong to the certificate"), told);
    assertTrue(
        told.endsWith(
            "; give the key that the certificate was made for (what was read"
                + " before stays in force)\n"),
        told);
    assertEquals(FIRST.pin().toString(), shown());
    assertEquals("", look());
    NodeFiles.replace(files.key, Pem.write(SECOND.privateKey()));
    assertTrue(look().startsWith("read again: "));
    assertEquals(SECOND.pin().toString(), shown());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nobody\n", "alice", "alice:one\nalice:two\n"})
  void keepsWhomItKnowsWhenTheNewUsersAreNone(String text) throws IOException {
    NodeFiles.replace(files.users, text);
    String told = look();
    assertTrue(told.startsWith("warning: --users-file " + files.users), told);
    assertEquals(1, told.lines().count(), told);
    assertTrue(knows("alice"));
  }

  @Test
  void keepsWhatItHasWhenFilesAreGone() throws Exception {
    Files.delete(files.users);
    Files.delete(files.key);
    String told = look();
    assertEquals(2, told.lines().count(), told);
    assertTrue(told.contains("there is no such file"), told);
    assertTrue(knows("alice"));
    assertEquals(FIRST.pin().toString(), shown());
    NodeFiles.replace(files.users, "bob:two\n");
    assertTrue(look().contains("1 users, "));
    assertFalse(knows("alice"));
    assertTrue(knows("bob"));
  }

  @Test
  void saysOnceAtEachStepThatACertificateEnds() throws IOException {
    assertEquals("", look());
    Instant end = FIRST.certificate().getNotAfter().toInstant();
    String file = "warning: the certificate in " + files.certificate + " ";
    clock = end.minus(Duration.ofDays(30));
    assertEquals(file + "ends in less than 30 days, at " + end + "; renew it\n", look());
    clock = end.minus(Duration.ofDays(8));
    assertEquals("", look());
    clock = end.minus(Duration.ofDays(7));
    assertEquals(file + "ends in less than 7 days, at " + end + "; renew it\n", look());
    clock = end;
    assertEquals(file + "ended at " + end + "; renew it\n", look());
  }
}
