package dev.culvert.cli.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.stun.StunUri;
import dev.culvert.turn.auth.TimeLimitedCredential;
import dev.culvert.turn.auth.TimeLimitedUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnCredCommandTest {
  private static final TimeLimitedCredential CREDENTIAL =
      TimeLimitedCredential.mint("north", "me", Instant.ofEpochSecond(1_900_000_000L));

  @Test
  void textIsForEyesAndJsonForBrowsers() {
    CredView view =
        new CredView(
            CREDENTIAL,
            Duration.ofDays(1),
            List.of(
                StunUri.parse("turn:relay.example.org"),
                StunUri.parse("turns:relay.example.org:443?transport=tcp")));
    String end = System.lineSeparator();
    assertEquals(
        "username  1900000000:me"
            + end
            + "password  "
            + CREDENTIAL.password()
            + end
            + "expires   2030-03-17T17:46:40Z"
            + end
            + "uri       turn:relay.example.org"
            + end
            + "uri       turns:relay.example.org:443"
            + end,
        Run.show(view, false));
    assertEquals(
        "{\"username\":\"1900000000:me\",\"password\":\""
            + CREDENTIAL.password()
            + "\",\"ttl\":86400,\"uris\":[\"turn:relay.example.org\","
            + "\"turns:relay.example.org:443\"]}"
            + end,
        Run.show(view, false, "-o", "json"));
  }

  @Test
  void theSecretComesFromAnOptionAFileOrTheEnvironment(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secrets"), "# ours\nnorth\nsouth\n");
    List<Run> runs =
        List.of(
            Run.of("turn", "cred", "--secret", "north", "--name", "me", "--ttl", "2h"),
            Run.of("turn", "cred", "--secret-file", file.toString(), "--name=me", "--ttl=2h"),
            Run.in(
                Map.of("CULVERT_AUTH_SECRET", "north"),
                false,
                "turn",
                "cred",
                "--name=me",
                "--ttl=2h"));
    for (Run run : runs) {
      assertEquals(0, run.exitCode(), run.err());
      Matcher said =
          Pattern.compile("username  ((\\d+):me)\\s+password  (\\S+)\\s+expires   \\S+\\s+")
              .matcher(run.out());
      assertTrue(said.matches(), run.out());
      assertEquals(TimeLimitedUsers.password("north", said.group(1)), said.group(3));
      long left = Long.parseLong(said.group(2)) - Instant.now().getEpochSecond();
      assertTrue(left > 0 && left <= 7200, "seconds left: " + left);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|there is no secret; give --secret-file",
        "--secret=|--secret is empty",
        "--secret=a --secret-file=b|both given",
        "--secret-file=/no/such|cannot be read",
        "--secret=a --ttl=soon|is no duration",
        "--secret=a --ttl=500ms|less than a second",
        "--secret=a --uri=stun:example.org|names a STUN server",
        "--secret=a --uri=turn://example.org|without //",
        "--sekret=a|did you mean '--secret'?"
      })
  void faultsAreNamedWithTheirMend(String both) {
    String given = both.substring(0, both.indexOf('|'));
    String words = given.isEmpty() ? "turn cred" : "turn cred " + given;
    Run run = Run.of(words.split(" "));
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(both.substring(both.indexOf('|') + 1)), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
