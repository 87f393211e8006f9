package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Fault;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.RelayAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayAddressesTest {

  private static List<InetAddress> ips(String texts) {
    return words(texts).stream().map(text -> IpLiterals.parse(text).orElseThrow()).toList();
  }

  private static List<String> words(String texts) {
    return Stream.of(texts.split(" ")).filter(text -> !text.isEmpty()).toList();
  }

  private static List<RelayAddress> choose(
      String listened, String machine, String relayIps, String externalIps) {
    List<TransportAddress> addresses =
        ips(listened).stream().map(ip -> new TransportAddress(ip, 3478)).toList();
    return new RelayAddresses(addresses, ips(machine)).choose(words(relayIps), words(externalIps));
  }

  @ParameterizedTest
  @CsvSource({
    // What is listened on by name.
    "203.0.113.1, 203.0.113.1 10.0.0.1, '', '', 203.0.113.1",
    "127.0.0.1, 127.0.0.1 203.0.113.1, '', '', 127.0.0.1",
    "10.0.0.1 10.0.0.2, 10.0.0.1 10.0.0.2, '', '', 10.0.0.1",
    "::1 127.0.0.1, ::1 127.0.0.1, '', '', 127.0.0.1 ::1",
    "127.0.0.1 203.0.113.1, 127.0.0.1 203.0.113.1, '', '', 127.0.0.1",
    // Wildcards: public before private before loopback, never link-local.
    "0.0.0.0, 127.0.0.1 10.0.0.1 203.0.113.1 203.0.113.2, '', '', 203.0.113.1",
    "0.0.0.0, 127.0.0.1 169.254.1.1 100.64.0.1, '', '', 100.64.0.1",
    "0.0.0.0, 127.0.0.1 169.254.1.1, '', '', 127.0.0.1",
    "0.0.0.0 ::, 127.0.0.1 ::1 fe80::1 fd00::1 2001:db8::1 10.0.0.1, '', '', 10.0.0.1 2001:db8::1",
    "0.0.0.0 ::, 127.0.0.1 ::1 fe80::1 10.0.0.1, '', '', 10.0.0.1",
    "0.0.0.0 ::, 127.0.0.1 ::1 fe80::1 fd00::1, '', '', fd00::1",
    "0.0.0.0 ::, 127.0.0.1 ::1, '', '', 127.0.0.1 ::1",
    "0.0.0.0, 2001:db8::1 10.0.0.1, '', '', 10.0.0.1",
    // Told.
    "0.0.0.0, 10.0.0.1 10.0.0.2, 10.0.0.2, '', 10.0.0.2",
    "0.0.0.0, 10.0.0.1 2001:db8::1, 2001:db8::1, '', 10.0.0.1 2001:db8::1",
    "127.0.0.1, 127.0.0.1, 127.0.0.9, '', 127.0.0.9",
    "0.0.0.0, 10.0.0.1, '', 203.0.113.1, 10.0.0.1>203.0.113.1",
    "0.0.0.0, 10.0.0.1 10.0.0.2, '', 203.0.113.1/10.0.0.2, 10.0.0.2>203.0.113.1",
    "0.0.0.0, 10.0.0.1 10.0.0.2, 10.0.0.2, 203.0.113.1, 10.0.0.2>203.0.113.1",
    "0.0.0.0 ::, 10.0.0.1 fd00::1, '', 203.0.113.1 2001:db8::9, 10.0.0.1>203.0.113.1 fd00::1>2001:db8::9",
  })
  void chooses(
      String listened, String machine, String relayIps, String externalIps, String chosen) {
    assertEquals(
        chosen,
        choose(listened, machine, relayIps, externalIps).stream()
            .map(
                address ->
                    IpLiterals.format(address.local(), false)
                        + (address.local().equals(address.announced())
                            ? ""
                            : ">" + IpLiterals.format(address.announced(), false)))
            .collect(Collectors.joining(" ")));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, '', '', '', no address to relay on",
    "0.0.0.0, 10.0.0.1, 10.0.0.2, '', no interface of this machine has 10.0.0.2",
    "0.0.0.0, 10.0.0.1, x, '', is no IP address",
    "0.0.0.0, 10.0.0.1, 0.0.0.0, '', no address of one machine",
    "0.0.0.0, 10.0.0.1, '', 224.0.0.1, no address of one machine",
    "0.0.0.0, 10.0.0.1 10.0.0.2, 10.0.0.1 10.0.0.2, '', --relay-ip is given twice for IPv4",
    "0.0.0.0, 10.0.0.1, '', 203.0.113.1 203.0.113.2, --external-ip is given twice for IPv4",
    "0.0.0.0, 10.0.0.1, '', 2001:db8::1, no address of that IP version",
    "0.0.0.0, 10.0.0.1, '', 2001:db8::1/10.0.0.1, mixes IPv4 and IPv6",
    "0.0.0.0, 10.0.0.1 10.0.0.2, 10.0.0.1, 203.0.113.1/10.0.0.2, name different addresses",
    "0.0.0.0, 10.0.0.1, '', 203.0.113.1/203.0.113.1, no interface of this machine has 203.0.113.1",
  })
  void saysWhatIsWrong(
      String listened, String machine, String relayIps, String externalIps, String said) {
    Fault fault = assertThrows(Fault.class, () -> choose(listened, machine, relayIps, externalIps));
    assertTrue(fault.line().contains(said), fault.line());
  }
}
