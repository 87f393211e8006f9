package dev.culvert.lab.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.culvert.lab.host.LabSocket;
import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.host.WorldHosts;
import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.scenario.ScenarioListener;
import dev.culvert.lab.scenario.ScenarioResult;
import dev.culvert.lab.scenario.ScenarioRunner;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.WorldKind;
import dev.culvert.sansio.TransportAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Test classes that only {@link NatLabExtensionTest} runs. */
final class Samples {
  /** A socket of each lab that a sample had, to see whether it was closed. */
  static final Queue<LabSocket> SOCKETS = new ConcurrentLinkedQueue<>();

  private Samples() {}

  @NatLab(
      servers = "s=1",
      homes = {"a=prc", "b=sym"},
      links = "a=delay:20ms",
      seed = 9)
  static final class Parameters {
    @Test
    void everythingThatALabHas(
        LabWorld world,
        SimWorld sim,
        WorldHosts hosts,
        @Host("a") TestHost a,
        @Host("a") InetAddress first,
        @Host("a-nat") Inet4Address outside,
        @Host("s") Inet6Address six) {
      assertSame(world, sim);
      assertEquals(9, world.spec().seed());
      assertSame(a, hosts.host("a"));
      assertEquals(world.addresses().getOrDefault("a", List.of()).get(0), first);
      assertTrue(world.addresses().getOrDefault("a-nat", List.of()).contains(outside));
      assertTrue(world.addresses().getOrDefault("s", List.of()).contains(six));
      RouterSpec router =
          world.spec().routers().stream()
              .filter(one -> one.name().equals("a-nat"))
              .findFirst()
              .orElseThrow();
      assertEquals(Duration.ofMillis(20), router.link().delay());
    }
  }

  @NatLab(homes = "a=prc")
  static final class OneEach {
    private static final Queue<LabWorld> SEEN = new ConcurrentLinkedQueue<>();
    private final LabWorld mine;

    OneEach(LabWorld world) {
      mine = world;
    }

    @BeforeEach
    void before(LabWorld world, @Host("a") TestHost a) throws Exception {
      assertSame(mine, world);
      SOCKETS.add(a.udp());
    }

    @AfterEach
    void after(LabWorld world) {
      assertSame(mine, world);
    }

    @RepeatedTest(3)
    void isFresh(LabWorld world) {
      assertSame(mine, world);
      assertTrue(SEEN.stream().noneMatch(one -> one == world));
      SEEN.add(world);
    }
  }

  @NatLab(homes = "a=prc")
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static final class Shared {
    private final LabWorld mine;

    Shared(LabWorld world) {
      mine = world;
    }

    @BeforeAll
    void once(LabWorld world, @Host("a") TestHost a) throws Exception {
      assertSame(mine, world);
      SOCKETS.add(a.udp());
    }

    @RepeatedTest(2)
    void isTheSame(LabWorld world) {
      assertSame(mine, world);
      assertFalse(SOCKETS.element().isClosed());
    }

    @LabTest
    void isTheSameForLabTests(LabWorld world) {
      assertSame(mine, world);
      assertFalse(SOCKETS.element().isClosed());
    }

    @NatLab(homes = "other=sym")
    @Test
    void unlessTheMethodAsksForItsOwn(LabWorld world, @Host("other") TestHost other)
        throws Exception {
      assertNotSame(mine, world);
      SOCKETS.add(other.udp());
    }
  }

  @NatLab(homes = "a=prc")
  static final class Outer {
    @Nested
    final class Inner {
      @Test
      void hasTheLabOfTheClassAroundIt(@Host("a") TestHost a) {
        assertEquals("a", a.name());
      }
    }
  }

  @NatLab(homes = "a=prc", world = Worlds.SIM)
  static final class InEachWorld {
    @LabTest
    void test(LabWorld world) {
      assertEquals(WorldKind.SIM, world.kind());
    }
  }

  @NatLab(homes = "a=prc", seed = 4711)
  static final class Failing {
    @Test
    void fails(@Host("a") TestHost a, @Host("s1") TestHost s1) throws Exception {
      SOCKETS.add(a.udp());
      s1.start(
          host -> {
            throw new IllegalStateException("the server broke");
          });
      a.udp().send("hello", new TransportAddress(s1.ipv4(), 7000));
      a.pause(Duration.ofSeconds(2));
      fail("on purpose");
    }
  }

  @NatLab(scenario = "beside.scenario")
  static final class FromFile {
    @Test
    void runsItsSteps(Scenario scenario, LabWorld world) throws Exception {
      assertEquals(77, world.spec().seed());
      assertTrue(world.addresses().containsKey("echo"));
      Duration before = world.elapsed();
      ScenarioResult result =
          ScenarioRunner.run(scenario, world, List.of(), new ScenarioListener() {});
      assertTrue(result.passed(), result.failures().toString());
      assertEquals(Duration.ofSeconds(3), world.elapsed().minus(before));
    }
  }

  @NatLab(
      scenario =
          """
          scenario in the test itself
          only sim because it is a sample
          home a prc
          """,
      seed = 5,
      world = Worlds.BOTH)
  static final class FromText {
    @LabTest
    void test(LabWorld world) {
      assertEquals(5, world.spec().seed());
      assertEquals(WorldKind.SIM, world.kind());
    }
  }
}
