package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.lab.world.VerbRun;
import java.util.Map;
import java.util.TreeMap;

/** A client that holds an allocation, in either world; knows what it said last. */
abstract class Hold implements VerbRun {
  private Map<String, String> fields = Map.of();

  final synchronized void stands(Map<String, String> now) {
    fields = Map.copyOf(now);
  }

  @Override
  public final synchronized Map<String, String> fields() {
    return fields;
  }

  private String outcome() {
    return fields().getOrDefault("outcome", "none");
  }

  /** It has asked for an allocation and knows what became of that. */
  @Override
  public final boolean isReady() {
    return !outcome().equals("none");
  }

  @Override
  public final int exitCode() {
    return (outcome().equals("holding") ? ExitCode.OK : ExitCode.UNREACHABLE).number();
  }

  @Override
  public String output() {
    return String.join(
        "\n",
        new TreeMap<>(fields())
            .entrySet().stream().map(field -> field.getKey() + " " + field.getValue()).toList());
  }
}
