package dev.culvert.lab.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.host.LabSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the extension gives tests, and what it says when it cannot. */
@Execution(ExecutionMode.SAME_THREAD) // The samples leave their sockets in one place.
class NatLabExtensionTest {

  @AfterEach
  void forget() {
    Samples.SOCKETS.clear();
  }

  @Test
  void parametersAreWhateverALabHas() {
    assertPasses(Samples.Parameters.class, 1);
  }

  @Test
  void everyTestHasALabOfItsOwnThatEndsWithIt() {
    assertPasses(Samples.OneEach.class, 3);
    assertEquals(3, Samples.SOCKETS.size());
    assertTrue(Samples.SOCKETS.stream().allMatch(LabSocket::isClosed));
  }

  @Test
  void testsRunInParallel() {
    Ran ran =
        Ran.of(
            Samples.OneEach.class,
            "junit.jupiter.execution.parallel.enabled",
            "true",
            "junit.jupiter.execution.parallel.mode.default",
            "concurrent");
    assertEquals(List.of(), ran.failures());
    assertEquals(3, ran.passed().size());
    assertTrue(Samples.SOCKETS.stream().allMatch(LabSocket::isClosed));
  }

  @Test
  void testsOfOneInstanceShareALab() {
    assertPasses(Samples.Shared.class, 4);
    assertEquals(2, Samples.SOCKETS.size());
    assertTrue(Samples.SOCKETS.stream().allMatch(LabSocket::isClosed));
  }

  @Test
  void nestedClassesAskLikeTheClassAroundThem() {
    assertPasses(Samples.Outer.class, 1);
  }

  @Test
  void labTestsAreNamedByTheirWorld() {
    Ran ran = Ran.of(Samples.InEachWorld.class);
    assertEquals(List.of("in sim"), ran.passed());
    assertEquals(List.of(), ran.failures());
  }

  @Test
  void failuresTellHowToRunThemAgainAndWhatWasSent() {
    Ran ran = Ran.of(Samples.Failing.class);
    assertEquals("on purpose", ran.failure());
    String account = ran.account();
    assertTrue(account.startsWith("in the sim world, seed 4711, after 2.0"), account);
    String rerun = "-Dtest=" + Samples.Failing.class.getName() + "#fails -Dculvert.lab.seed=4711";
    assertTrue(account.contains("run it again with " + rerun), account);
    assertTrue(account.contains("  a behind a-nat, 192.168.1.2"), account);
    assertTrue(account.contains("a program on s1 failed: java.lang.Ill"), account);
    assertTrue(account.contains(":7000 ttl 64, 5 bytes: sent"), account);
    String entries = ran.entries().toString();
    assertTrue(entries.contains("culvert.lab.rerun=" + rerun), entries);
    assertTrue(Samples.SOCKETS.element().isClosed(), "its lab goes on");
  }

  @Test
  void seedsAndWorldsComeFromOutsideToo() {
    Ran ran = Ran.of(Samples.Failing.class, "culvert.lab.seed", "12", "culvert.lab.world", "sim");
    assertTrue(ran.account().contains("seed 12,"), ran.account());
    assertSays("culvert.lab.seed is 'x'", Ran.of(Samples.Failing.class, "culvert.lab.seed", "x"));
    assertSays(
        "culvert.lab.world is 'moon'; it may be sim, kernel or both",
        Ran.of(Samples.Failing.class, "culvert.lab.world", "moon"));
  }

  @Test
  void oneTestCannotRunInTwoWorlds() {
    assertSays(
        "test(LabWorld) shall run in both worlds; that takes @LabTest in place of @Test",
        Ran.of(BadSamples.PlainInBoth.class));
  }

  @Test
  void faultsAreOneLine() {
    assertSays("'nonsense' is no profile", Ran.of(BadSamples.Profile.class));
    assertSays("'prc' is not NAME=PROFILE", Ran.of(BadSamples.Form.class));
    assertSays("'9' is no number of addresses", Ran.of(BadSamples.Count.class));
    assertSays("there is no host 'z' in this lab", Ran.of(BadSamples.NoHost.class));
    assertSays("no host or router 'z'", Ran.of(BadSamples.NoAddress.class));
    assertSays("is a TestHost or an InetAddress, not a String", Ran.of(BadSamples.NoType.class));
    assertSays("wants a KernelWorld and runs in the sim", Ran.of(BadSamples.OtherWorld.class));
    assertSays("@TestInstance(PER_CLASS)", Ran.of(BadSamples.TooEarly.class));
    assertSays("it or its class needs a @NatLab", Ran.of(BadSamples.Unasked.class));
  }

  @Test
  void scenariosAreTopologies() {
    assertPasses(Samples.FromFile.class, 1);
    assertPasses(Samples.FromText.class, 1);
  }

  @Test
  void faultsOfScenariosNameTheirPlace() {
    assertSays("there is no scenario 'missing.scenario'", Ran.of(BadSamples.FromNowhere.class));
    assertSays("FromNonsense:2:8: ", Ran.of(BadSamples.FromNonsense.class));
    assertSays("either a scenario or homes", Ran.of(BadSamples.FromTwo.class));
    assertSays("its scenario does not: a sample", Ran.of(BadSamples.NotItsWorld.class));
  }

  private static void assertPasses(Class<?> type, int tests) {
    Ran ran = Ran.of(type);
    assertEquals(List.of(), ran.failures());
    assertEquals(tests, ran.passed().size());
  }

  private static void assertSays(String words, Ran ran) {
    assertEquals(List.of(), ran.passed());
    assertTrue(ran.failure().contains(words), ran.failure());
  }
}
