package dev.culvert.cli.ice;

import picocli.CommandLine.Option;

/** Whose ICE a command uses. */
public final class EngineOption {
  @Option(
      names = "--ice-engine",
      paramLabel = "ENGINE",
      converter = EngineConverter.class,
      completionCandidates = EngineConverter.Words.class,
      description =
          "Whose ICE to use: culvert, or ice4j, which takes a second to start and knows neither"
              + " --tcp nor --mdns, --trace, or relays over anything but UDP (default: culvert).")
  private String engine = Engines.CULVERT;

  /** The option at its default. */
  public EngineOption() {}

  String name() {
    return engine;
  }
}
