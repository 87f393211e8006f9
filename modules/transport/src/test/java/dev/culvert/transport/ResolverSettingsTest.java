package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResolverSettingsTest {

  @Test
  void readsAResolvConf() {
    ResolverSettings settings =
        ResolverSettings.parse(
            List.of(
                "# a comment",
                "nameserver 192.0.2.53",
                "nameserver\t2001:db8::53",
                "nameserver nonsense",
                "nameserver",
                "search corp.example lan",
                "options edns0 ndots:2 timeout:1",
                ""));
    assertEquals(
        "[/192.0.2.53:53, /[2001:db8:0:0:0:0:0:53]:53]", settings.nameServers().toString());
    assertEquals(List.of("corp.example", "lan"), settings.searchDomains());
    assertEquals(2, settings.ndots());
  }

  @Test
  void completesShortNames() {
    ResolverSettings settings = new ResolverSettings(List.of(), List.of("lan", "corp.example"), 1);
    assertEquals(List.of("box.lan", "box.corp.example", "box"), settings.candidates("box"));
    assertEquals(
        List.of("a.example", "a.example.lan", "a.example.corp.example"),
        settings.candidates("a.example"));
    assertEquals(List.of("box"), settings.candidates("box."));
  }

  /** Some libraries ask a stranger's public servers when none is configured; we ask nobody. */
  @Test
  void withoutServersThereAreNone() {
    assertEquals(List.of(), ResolverSettings.parse(List.of()).nameServers());
  }

  @Test
  void readsTheSystemsSettingsWhateverTheyAre() {
    assertTrue(ResolverSettings.ofSystem().nameServers().size() <= 3);
    ResolverSettings.ofJndi().forEach(server -> assertEquals(53, server.getPort()));
  }
}
