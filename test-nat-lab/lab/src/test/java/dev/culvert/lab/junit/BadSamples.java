package dev.culvert.lab.junit;

import static org.junit.jupiter.api.Assertions.fail;

import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import java.net.InetAddress;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Test classes that ask for what cannot be; only {@link NatLabExtensionTest} runs them. */
final class BadSamples {
  private BadSamples() {}

  @NatLab(homes = "a=prc", world = Worlds.BOTH)
  static final class PlainInBoth {
    @Test
    void test(LabWorld world) {
      fail("in " + world.kind());
    }
  }

  @NatLab(homes = "a=nonsense")
  static final class Profile {
    @Test
    void test(LabWorld world) {
      fail("up: " + world);
    }
  }

  @NatLab(homes = "prc")
  static final class Form {
    @Test
    void test(LabWorld world) {
      fail("up: " + world);
    }
  }

  @NatLab(servers = "s=9", homes = "a=prc")
  static final class Count {
    @Test
    void test(LabWorld world) {
      fail("up: " + world);
    }
  }

  @NatLab(homes = "a=prc")
  static final class NoHost {
    @Test
    void test(@Host("z") TestHost z) {
      fail("there: " + z);
    }
  }

  @NatLab(homes = "a=prc")
  static final class NoAddress {
    @Test
    void test(@Host("z") InetAddress z) {
      fail("there: " + z);
    }
  }

  @NatLab(homes = "a=prc")
  static final class NoType {
    @Test
    void test(@Host("a") String a) {
      fail("there: " + a);
    }
  }

  @NatLab(homes = "a=prc", world = Worlds.SIM)
  static final class OtherWorld {
    @Test
    void test(KernelWorld world) {
      fail("up: " + world.kind());
    }
  }

  @NatLab(homes = "a=prc")
  static final class TooEarly {
    @BeforeAll
    static void once(LabWorld world) {
      fail("up: " + world);
    }

    @Test
    void test() {}
  }

  static final class Unasked {
    @LabTest
    void test() {}
  }

  @NatLab(scenario = "missing.scenario")
  static final class FromNowhere {
    @Test
    void test(LabWorld world) {
      fail("up: " + world);
    }
  }

  @NatLab(scenario = "scenario bad\nhome a prk\n")
  static final class FromNonsense {
    @Test
    void test(LabWorld world) {
      fail("up: " + world);
    }
  }

  @NatLab(scenario = "beside.scenario", homes = "a=prc")
  static final class FromTwo {
    @Test
    void test(LabWorld world) {
      fail("up: " + world);
    }
  }

  @NatLab(scenario = "scenario one\nonly kernel because a sample\nhome a prc\n", world = Worlds.SIM)
  static final class NotItsWorld {
    @Test
    void test(LabWorld world) {
      fail("up: " + world);
    }
  }
}
