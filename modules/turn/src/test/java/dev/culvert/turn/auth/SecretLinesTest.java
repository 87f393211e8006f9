package dev.culvert.turn.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretLinesTest {

  @Test
  void readsUsersAndPassesOverCommentsAndEmptyLines() throws SecretLinesException {
    List<StaticUser> users =
        SecretLines.users(
            "# who may\r\n\r\nalice:secret\n  bob:0x8493fbc53ba582fb4c044c456bdc40eb  \n"
                + "carol:#1\ncarol2:a:b",
            "users");
    assertEquals(
        List.of("alice", "bob", "carol", "carol2"), users.stream().map(StaticUser::name).toList());
  }

  @Test
  void readsSecretsInTheirOrder() throws SecretLinesException {
    assertEquals(
        List.of("newer", "old er"), SecretLines.secrets("newer\n# since May\nold er\n", "file"));
  }

  @ParameterizedTest
  @CsvSource({
    "alice, 'f, line 1: a user is NAME:PASSWORD'",
    "#|alice:x|bob, 'f, line 3: a user is NAME:PASSWORD'",
    "alice:x|:y, 'f, line 2: a user is NAME:PASSWORD'",
    "alice:x|alice:y, 'f, line 2: user alice is given twice'",
    "#, f has no line that counts",
    "'', f has no line that counts",
  })
  void namesFileLineAndMend(String lines, String fault) {
    SecretLinesException e =
        assertThrows(
            SecretLinesException.class, () -> SecretLines.users(lines.replace('|', '\n'), "f"));
    assertEquals(fault, e.fault());
    assertEquals(
        "write NAME:PASSWORD, or NAME:0xKEY with the key in 32 or 64 hexadecimal digits", e.mend());
    assertEquals(e.fault() + "; " + e.mend(), e.getMessage());
  }

  @Test
  void aFileWithoutSecretsIsAFault() {
    SecretLinesException e =
        assertThrows(SecretLinesException.class, () -> SecretLines.secrets("\n# none\n", "f"));
    assertEquals("f has no line that counts; write one secret to a line", e.getMessage());
  }
}
