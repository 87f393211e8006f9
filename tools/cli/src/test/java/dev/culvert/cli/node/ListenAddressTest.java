package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1:3478",
    "192.0.2.1:99, 192.0.2.1:99",
    "192.0.2.1:0, 192.0.2.1:0",
    "0.0.0.0, 0.0.0.0:3478",
    "::, [::]:3478",
    "::1, [::1]:3478",
    "[::]:99, [::]:99",
    "[2001:db8::1], [2001:db8::1]:3478",
    "[2001:db8::1]:99, [2001:db8::1]:99",
    "2001:db8::1:99, [2001:db8::1:99]:3478"
  })
  void readsWhatPeopleWrite(String text, String address) {
    assertEquals(address, ListenAddress.parse("--listen", text, 3478).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", "example.org", "example.org:1", "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:65536",
        "192.0.2.1:-1", "192.0.2", "192.0.2.256", "[192.0.2.1]:1", "[::1", "::1]", "[]:1",
        "[::1]x:2", "192.0.2.1:1:2", "1:2"
      })
  void namesTheFaultInOtherThings(String text) {
    Fault fault =
        assertThrows(Fault.class, () -> ListenAddress.parse("--listen", text, 3478), text);
    assertEquals(ExitCode.USAGE, fault.exitCode());
    assertTrue(fault.line().startsWith("--listen " + text), fault.line());
  }
}
