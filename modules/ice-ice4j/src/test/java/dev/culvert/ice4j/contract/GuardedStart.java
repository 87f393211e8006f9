package dev.culvert.ice4j.contract;

import dev.culvert.ice4j.Ice4jConfig;
import dev.culvert.ice4j.Ice4jEngine;
import java.util.List;
import org.ice4j.ice.harvest.HarvestConfig;

/** A process of its own, as ice4j reads its settings but once. */
final class GuardedStart {
  private GuardedStart() {}

  /**
   * Starts an engine, with {@code before} after ice4j has read its settings; prints what came of
   * it.
   */
  public static void main(String[] arguments) {
    boolean before = List.of(arguments).contains("before");
    String asked = before ? "ice4j asks: " + HarvestConfig.config.enableAwsHarvester() + "; " : "";
    try (Ice4jEngine engine = Ice4jEngine.start(Ice4jConfig.of(List.of()))) {
      System.out.print(
          asked
              + engine.name()
              + " started, ice4j asks: "
              + HarvestConfig.config.enableAwsHarvester()
              + ", without proof: "
              + !Boolean.getBoolean("org.ice4j.REQUIRE_MESSAGE_INTEGRITY"));
    } catch (IllegalStateException e) {
      System.out.print(asked + e.getMessage());
    }
  }
}
