package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.cli.Fault;
import dev.culvert.detect.IpFamily;
import dev.culvert.peer.AddressSource;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.LocalAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LocalOptionsTest {
  private static final List<LocalAddress> HOST =
      List.of(
          local("lo", "127.0.0.1"),
          local("eth0", "192.0.2.1"),
          local("docker0", "172.17.0.1"),
          local("eth0", "2001:db8::1"),
          local("eth0", "fe80::1"));

  private static LocalAddress local(String name, String ip) {
    return new LocalAddress(name, IpLiterals.parse(ip).orElseThrow());
  }

  private static List<String> lines(String words) {
    LocalOptions options =
        CommandLine.populateCommand(
            new LocalOptions(), words.isEmpty() ? new String[0] : words.split(" ", -1));
    return options.choice(Set.of(IpFamily.values()), HOST).lines();
  }

  @ParameterizedTest
  @CsvSource({
    "'', eth0 192.0.2.1 used; eth0 2001:db8::1 used; docker0 172.17.0.1 left out: a container"
        + " bridge; eth0 fe80::1 left out: link-local",
    "--interface docker0, docker0 172.17.0.1 used; eth0 192.0.2.1 left out: not asked for;"
        + " eth0 2001:db8::1 left out: not asked for; eth0 fe80::1 left out: not asked for",
    "--exclude docker* --exclude fe80::/10 --exclude 192.0.2.1, eth0 2001:db8::1 used;"
        + " eth0 192.0.2.1 left out: excluded; docker0 172.17.0.1 left out: excluded;"
        + " eth0 fe80::1 left out: excluded",
    "--address 2001:db8::/32 --address 127.0.0.1 --exclude docker0 --exclude 192.0.2.0/24,"
        + " eth0 2001:db8::1 used; lo 127.0.0.1 used; eth0 192.0.2.1 left out: excluded;"
        + " docker0 172.17.0.1 left out: excluded; eth0 fe80::1 left out: not asked for",
    "--address 127.0.0.9 --exclude eth0 --exclude docker0, 127.0.0.9 used;"
        + " eth0 192.0.2.1 left out: excluded; docker0 172.17.0.1 left out: excluded;"
        + " eth0 2001:db8::1 left out: excluded; eth0 fe80::1 left out: excluded",
  })
  void whatIsUsedAndWhyTheRestIsNot(String words, String lines) {
    assertEquals(List.of(lines.split("; *", -1)), lines(words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--address 192.0.2.9",
        "--address 10.0.0.0/8",
        "--address 192.0.2.1/24",
        "--address 192.0.2.0/33",
        "--address eth0",
        "--interface eth1",
        "--interface wg*",
        "--interface=",
        "--exclude=",
        "--exclude 192.0.2.1/24",
        "--exclude *",
        "--interface eth0 --exclude eth0",
      })
  void faultsAreTold(String words) {
    assertThrows(Fault.class, () -> lines(words));
  }

  @Test
  void whatIsAskedForMayGoAndComeBack() throws Exception {
    List<LocalAddress> host = new ArrayList<>(HOST);
    LocalOptions options =
        CommandLine.populateCommand(new LocalOptions(() -> host), "--interface", "eth0");
    AddressSource follows = options.following(Set.of(IpFamily.IPV4));
    List<LocalAddress> first = options.choice(Set.of(IpFamily.IPV4)).used();
    assertEquals(List.of(local("eth0", "192.0.2.1")), first);
    assertEquals(first, follows.addresses(), "nothing has changed");
    host.removeIf(each -> each.interfaceName().equals("eth0"));
    assertEquals(List.of(), follows.addresses());
    host.add(local("eth0", "198.51.100.7"));
    assertEquals(List.of(local("eth0", "198.51.100.7")), follows.addresses());
  }
}
