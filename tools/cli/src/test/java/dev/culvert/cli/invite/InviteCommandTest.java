package dev.culvert.cli.invite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.rendezvous.Invite;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InviteCommandTest {
  private static final String NODE =
      "wss://node.example/~47pjoycnsrfmxikm95jh13y88e8qnhzu5kungjpxyepgt7a8krpy";

  @TempDir Path folder;
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void aKey() {
    environment = Map.of("CULVERT_KEY", folder.resolve("own.key").toString());
    assertEquals(0, Run.in(environment, false, "id", "new").exitCode());
  }

  @Test
  void anInviteIsMadeAndReadBack() throws Exception {
    String id =
        JsonFields.read(Run.in(environment, false, "-o", "json", "id", "show").out()).get("id");
    Run made = Run.in(environment, false, "invite", "--node", NODE, "--node", "wss://b.example/");
    assertEquals(0, made.exitCode(), made.err());
    assertTrue(made.err().contains("wss://b.example/ has no id"), made.err());
    String text = made.out().lines().findFirst().orElseThrow();
    Invite invite = Invite.parse(text);
    assertEquals(id, invite.peer().toString());
    assertEquals(2, invite.nodes().size());
    Run shown = Run.of("invite", text.toUpperCase(Locale.ROOT));
    assertEquals(made.out(), shown.out(), shown.err());
    Run again = Run.in(environment, false, "invite", "--node", NODE);
    assertTrue(!again.out().contains(invite.secret().hex()), "each has a secret of its own");
  }

  @ParameterizedTest
  @CsvSource({
    "leads nowhere, invite",
    "no URL of a node, invite --node http://node.example/",
    "invite, invite culvert://nonsense",
    "there is no such file, invite --node wss://node.example/ --key /nowhere/peer.key"
  })
  void whatMakesNoSenseIsRefusedInOneLine(String said, String line) {
    Run run = Run.in(environment, false, line.split(" "));
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    String fault =
        run.err().lines().filter(each -> !each.startsWith("warning")).findFirst().orElseThrow();
    assertTrue(fault.contains(said), run.err());
    assertTrue(run.err().lines().count() <= 2, run.err());
  }
}
