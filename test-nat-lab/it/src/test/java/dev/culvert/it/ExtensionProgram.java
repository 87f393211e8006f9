package dev.culvert.it;

import dev.culvert.lab.junit.IfUnavailable;
import dev.culvert.lab.junit.LabTest;
import dev.culvert.lab.junit.NatLab;
import dev.culvert.lab.junit.Worlds;
import dev.culvert.lab.world.LabWorld;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests that want the kernel's NATs, and says a line about each. */
final class ExtensionProgram implements TestExecutionListener {
  private final String name;

  private ExtensionProgram(String name) {
    this.name = name;
  }

  public static void main(String[] words) {
    for (Class<?> type : new Class<?>[] {Fails.class, Aborts.class, Simulates.class}) {
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(DiscoverySelectors.selectClass(type))
                  .build(),
              new ExtensionProgram(type.getSimpleName()));
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest()) {
      String why = result.getThrowable().map(Throwable::getMessage).orElse("");
      System.out.println(
          name + " " + test.getDisplayName() + ": " + result.getStatus() + " " + why);
    }
  }

  @NatLab(homes = "a=prc", world = Worlds.BOTH)
  static final class Fails {
    @LabTest
    void test(LabWorld world) {
      System.out.println("up: " + world.kind());
    }
  }

  @NatLab(homes = "a=prc", world = Worlds.BOTH, ifUnavailable = IfUnavailable.ABORT)
  static final class Aborts {
    @LabTest
    void test(LabWorld world) {
      System.out.println("up: " + world.kind());
    }
  }

  @NatLab(homes = "a=prc", world = Worlds.KERNEL, ifUnavailable = IfUnavailable.SIM)
  static final class Simulates {
    @LabTest
    void test(LabWorld world) {
      System.out.println("up: " + world.kind());
    }
  }
}
