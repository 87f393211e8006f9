package dev.culvert.lab.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.lab.world.WorldKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioParserTest {
  @TempDir private Path directory;

  private static Scenario parse(String... lines) throws ScenarioFault {
    return ScenarioParser.parse("home.scenario", String.join("\n", lines));
  }

  private static RouterSpec router(Scenario scenario, String name) {
    return scenario.topology().routers().stream()
        .filter(router -> router.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static HostSpec host(Scenario scenario, String name) {
    return scenario.topology().hosts().stream()
        .filter(host -> host.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> problems(String... lines) {
    ScenarioFault fault = assertThrows(ScenarioFault.class, () -> parse(lines));
    return fault.problems().stream().map(Object::toString).toList();
  }

  @Test
  void readsATopology() throws Exception {
    Scenario scenario =
        parse(
            "# two NATs in a row",
            "scenario a home behind a carrier   # and a comment",
            "seed 7",
            "server s1 addresses 2",
            "host a behind home",
            "nat home eim/apdf/preserving behind cgn timeout 30s inside 10.1.0.0/24",
            "nat cgn eim/adf/sequential:2 ports 50000-50999 hairpin ipv6 open at 203.0.113.99",
            "firewall wall adf",
            "host c at 203.0.113.55",
            "host d behind wall",
            "home b sym",
            "link a delay 50ms jitter 5ms loss 1% duplicate 2% reorder 3% rate 10mbit mtu 1280",
            "cut a");
    assertEquals("a home behind a carrier", scenario.name());
    assertEquals(7, scenario.seed());
    assertEquals(Set.of(WorldKind.SIM, WorldKind.KERNEL), scenario.worlds());
    assertEquals("cgn", router(scenario, "home").uplink());
    assertEquals(
        behaviour("eim/apdf/preserving+timeout=30s"), router(scenario, "home").behaviour());
    assertEquals("10.1.0.0/24", router(scenario, "home").inside().orElseThrow().toString());
    assertEquals(
        behaviour("eim/adf/sequential:2+ports=50000-50999+hairpin+ipv6=open"),
        router(scenario, "cgn").behaviour());
    assertEquals("203.0.113.99", router(scenario, "cgn").outside().orElseThrow().getHostAddress());
    assertEquals(behaviour("none/adf"), router(scenario, "wall").behaviour());
    assertEquals("203.0.113.55", host(scenario, "c").addresses().get(0).getHostAddress());
    assertEquals(Profile.parse("sym").routers().get(0), router(scenario, "b-nat").behaviour());
    assertEquals(2, host(scenario, "s1").perFamily());
    assertEquals(
        LinkSpec.parse(
            "delay:50ms,jitter:5ms,loss:1%,duplicate:2%,reorder:3%,rate:10mbit,mtu:1280"),
        host(scenario, "a").link());
    assertEquals(List.of("13: cut a"), scenario.steps().stream().map(Step::toString).toList());
  }

  private static NatBehaviour behaviour(String text) {
    return Profile.parse(text).routers().get(0);
  }

  @Test
  void readsEveryOptionOfANat() throws Exception {
    Scenario scenario =
        parse(
            "nat n apdm/adf/random parity block 64 refresh both addresses 3 pooling arbitrary"
                + " neighbours 10/s rewrites answers fragments drop blackhole syn rst"
                + " established 2h transitory 4m ipv6 none traffic no-udp timeout 1m",
            "nat six eim/eif nat64");
    assertEquals(
        behaviour(
            "apdm/adf/random+parity+block=64+refresh=both+addresses=3+pooling=arbitrary"
                + "+neighbours=10/s+rewrites+answers+fragments=drop+blackhole+syn=rst"
                + "+established=7200s+transitory=240s+ipv6=none+traffic=no-udp+timeout=60s"),
        router(scenario, "n").behaviour());
    assertTrue(router(scenario, "six").behaviour().options().nat64());
  }

  @Test
  void hasTheUsualServersUnlessItNamesOthers() throws Exception {
    assertEquals(
        List.of("s1", "s2", "a"),
        parse("host a", "run s1 check").topology().hosts().stream().map(HostSpec::name).toList());
  }

  @Test
  void laysOutOtherAddresses() throws Exception {
    Scenario scenario =
        parse(
            "addresses internet 198.18.0.0/24 198.19.0.0/24",
            "addresses homes 10.0.0.0/8 each 20",
            "host a");
    assertEquals("198.18.0.0/24", scenario.topology().addresses().internet().get(0).toString());
    assertEquals(20, scenario.topology().addresses().homeLength());
  }

  @Test
  void isForOneWorldWithAReason() throws Exception {
    Scenario scenario = parse("only sim because no kernel has NAT64", "host a");
    assertEquals(Set.of(WorldKind.SIM), scenario.worlds());
    assertEquals("no kernel has NAT64", scenario.restriction().orElseThrow().reason());
  }

  @Test
  void takesAnotherSeed() throws Exception {
    Scenario scenario = parse("seed 3", "host a", "wait 1s");
    assertEquals(9, scenario.withSeed(9).seed());
    assertEquals(scenario.steps(), scenario.withSeed(9).steps());
  }

  /** A slash between spaces stands for the end of a line in these. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      value = {
        "link a delay 5o => 1:14: expected a duration like 50ms, found \"5o\"",
        "host a / link a delay 90s => 2:14: expected a duration of at most 60s, found \"90s\"",
        "host a / link a dely 5ms => 2:8: expected delay, jitter, loss, duplicate, reorder, rate or mtu,"
            + " found \"dely\"; did you mean delay?",
        "host a / link a => 2:7: expected perfect, delay, jitter, loss, duplicate, reorder, rate or"
            + " mtu, found the end of the line",
        "host a / link a jitter 5ms => 2:8: jitter lies between 0 and the delay",
        "host a / link a loss 101% => 2:13: expected a share like 20%, found \"101%\"",
        "host a / link a mtu 20 => 2:12: expected an MTU from 68 to 65535, found \"20\"",
        "host a / link a loss 1% loss 2% => 2:16: 'loss' stands here twice",
        "host a / link a loss 1% / link a loss 2% => 3:6: the line of 'a' was described above",
        "hots a => 1:1: expected scenario, only, seed, addresses, server, nat, firewall, router,"
            + " host, home, link, start, run, stop, expect, wait, reboot, readdress, move, cut,"
            + " mend or capture, found \"hots\"; did you mean host?",
        "nat h eix/adf => 1:7: expected eim, adm or apdm, found \"eix\"; did you mean eim?",
        "nat h eim/open => 1:11: expected eif, adf or apdf, found \"open\"",
        "nat h eim/adf/rnd => 1:15: expected preserving, overloading, sequential, random or"
            + " sequential:STEP, found \"rnd\"; did you mean random?",
        "nat h eim => 1:7: expected a behaviour like eim/adf/random, found \"eim\"",
        "nat h eim/adf timeout 10ms => 1:23: a timeout has whole seconds",
        "nat h eim/adf timeout 2h => 1:15: a timeout has whole seconds from 1s to 3600s",
        "nat h eim/adf ports 9-8 => 1:23: expected ports like 40000-40999, found \"8\"",
        "nat h eim/adf behind x => 1:22: expected the name of a router, found \"x\" (there are h)",
        "nat h eim/adf behind h => 1:22: 'h' stands behind itself",
        "nat h eim/adf behind i / nat i eim/adf behind h => 1:22: 'h' stands behind itself",
        "nat Home eim/adf => 1:5: expected the name of a NAT (a letter, then at most 11 of a-z, 0-9"
            + " and '-'), found \"Home\"",
        "host wire => 1:6: 'wire' is the lab's own name",
        "host a / host a => 2:6: 'a' stands on line 1 already",
        "home a sym / nat a-nat eim/adf => 2:5: 'a-nat' stands on line 1 already",
        "home a symm => 1:8: expected full, arc, prc, adm, sym, symseq, linux, hairpin, timeout5,"
            + " blocked, firewall, open, cgn-home, cgn-pair, cgn-hairpin or"
            + " MAPPING/FILTERING/PORTS, found \"symm\"; did you mean sym?",
        "home a beside b => 1:15: expected the name of a host on a line above, found \"b\"",
        "host a behind => 1:14: expected the name of a router, found the end of the line",
        "host a extra => 1:8: expected behind, addresses or at, found \"extra\"",
        "host a at 1.2.3 => 1:11: expected an address like 203.0.113.7 or 2001:db8::7, found"
            + " \"1.2.3\"",
        "host a addresses 9 => 1:18: expected a number of addresses from 1 to 8, found \"9\"",
        "seed x => 1:6: expected a seed from -576460752303423488 to 576460752303423487, found \"x\"",
        "seed 1 / seed 2 => 2:1: there is a line 'seed' above",
        "only sims because x => 1:6: expected sim or kernel, found \"sims\"; did you mean sim?",
        "only sim => 1:9: expected because, found the end of the line",
        "host a / run a check / host b => 3:1: a line 'host' belongs above the first step",
        "host a / reboot a => 2:8: expected the name of a router, found \"a\"",
        "nat home eim/adf / reboot hmoe => 2:8: expected the name of a router, found \"hmoe\";"
            + " did you mean home?",
        "host a / move a behind b => 2:15: expected the name of a router, found \"b\"",
        "host a / move a to b => 2:11: expected internet, found \"b\"",
        "host a / wait => 2:5: expected a duration like 10s, found the end of the line",
        "host a / wait 25h => 2:6: expected a duration of at most 86400s, found \"25h\"",
        "host a / run a Check => 2:7: expected a verb (lower-case letters and hyphens), found"
            + " \"Check\"",
        "host a / run a check within => 2:19: expected a duration like 10s, found the end of the line",
        "host a / expect a => 2:9: expected a field like ipv4.mapping, exit or output, found the end"
            + " of the line",
        "host a / expect a exit 0 witin 5s => 2:17: expected within, found \"witin\"; did you mean"
            + " within?",
        "host a / expect a exit 0 within => 2:23: expected a duration like 10s, found the end of the"
            + " line",
        "host a / expect a exit 0 within 61m => 2:24: expected a duration of at most 3600s, found"
            + " \"61m\"",
        "host a / expect a exit 5..1 => 2:15: nothing lies between 5..1",
        "host a / expect a exit < x => 2:17: expected a number, found \"x\"",
        "host a / expect a exit 0| => 2:15: expected values like yes|unknown, found \"0|\"",
        "host a / expect a exit => 2:14: expected a value, not, as before, contains, <, <=, > or >=, found the"
            + " end of the line",
        "host a / expect a exit {b}:* => 2:16: expected the name of a host or router, found \"b\""
            + " (there are a, s1, s2)",
        "host a / capture a ../a.pcap => 2:11: expected a file name like a.pcap, without directories,"
            + " found \"../a.pcap\"",
        "host a / run a check \"x => 2:13: this quotation does not end",
        "host a / run a check \"x\"y => 2:16: expected a space after the quotation",
        "host a / cut a now => 2:7: expected nothing more, found \"now\"",
        "addresses homes 10.0.0.0/8 each 4 => 1:33: expected a prefix length from 8 to 29, found"
            + " \"4\"",
      })
  void namesLineColumnAndWhatWasExpected(String text, String problem) {
    assertEquals("home.scenario:" + problem, problems(text.split(" / ")).get(0));
  }

  @Test
  void reportsSeveralFaultsAtOnce() {
    assertEquals(
        List.of(
            "home.scenario:1:12: expected eif, adf or apdf, found \"x\"",
            "home.scenario:3:6: expected the name of a host or router, found \"b\" (there are a, n1,"
                + " s1, s2)",
            "home.scenario:4:6: expected a duration like 10s, found \"x\""),
        problems("nat n1 eim/x", "host a behind n1", "link b perfect", "wait x"));
  }

  @Test
  void tellsTheWordsOfAFaultApart() {
    ScenarioFault fault =
        assertThrows(ScenarioFault.class, () -> parse("host a", "  only simm because x"));
    assertEquals(2, fault.line());
    assertEquals(8, fault.column());
    assertEquals(List.of("sim", "kernel"), fault.expected());
    assertEquals("simm", fault.problems().get(0).found());
  }

  @Test
  void refusesTooManyAddresses() {
    assertEquals(
        List.of("home.scenario:1:1: the address range 203.0.113.0/30 is too small for this lab"),
        problems("addresses internet 203.0.113.0/30", "host a", "host b", "host c"));
    assertEquals(
        List.of("home.scenario:2:1: a has 192.168.9.9, but its router serves 192.168.1.0/24"),
        problems("nat n eim/adf", "host a behind n at 192.168.9.9"));
  }

  @Test
  void readsFiles() throws Exception {
    Path file = directory.resolve("x.scenario");
    Files.writeString(file, "\uFEFFscenario Käse\r\nhost a\r\nwait 1s\r\n");
    assertEquals("Käse", ScenarioParser.read(file).name());
    Files.write(file, "scenario K\u00e4se".getBytes(StandardCharsets.ISO_8859_1));
    ScenarioFault fault = assertThrows(ScenarioFault.class, () -> ScenarioParser.read(file));
    assertEquals(file + ":1:1: this is no text in UTF-8", fault.getMessage());
  }
}
