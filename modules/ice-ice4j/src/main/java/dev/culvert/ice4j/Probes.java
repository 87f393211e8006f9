package dev.culvert.ice4j;

import org.ice4j.ice.harvest.HarvestConfig;

/** Whether ice4j would ask strangers of its own accord: it reads its settings but once. */
final class Probes {
  private Probes() {}

  /**
   * Refuses to go on if it would.
   *
   * @throws IllegalStateException one line for people
   */
  static void refuse() {
    HarvestConfig settings = HarvestConfig.config;
    if (settings.enableAwsHarvester()) {
      throw new IllegalStateException(
          "ice4j was loaded with its cloud probes on; make the engine before anything else uses"
              + " ice4j, or start Java with -Dice4j.harvest.mapping.aws.enabled=false");
    }
    if (!settings.stunMappingCandidateHarvesterAddresses().isEmpty()) {
      throw new IllegalStateException(
          "ice4j is configured to ask STUN servers by itself; leave out"
              + " ice4j.harvest.mapping.stun.addresses and give the servers to the engine");
    }
  }
}
