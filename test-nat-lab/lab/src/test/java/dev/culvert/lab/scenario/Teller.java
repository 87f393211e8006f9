package dev.culvert.lab.scenario;

import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code tell after=3s exit=2 field=value …}: ends after a time of the world and finds what it was
 * told; {@code stay} keeps running, and {@code changed} becomes true after {@code change=4}.
 */
final class Teller implements Verb {
  @Override
  public String name() {
    return "tell";
  }

  @Override
  public String summary() {
    return "finds what it is told";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) {
    Map<String, String> fields = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0 && !argument.equals("stay")) {
        throw new IllegalArgumentException("tell does not take '" + argument + "'");
      }
      fields.put(
          equals < 0 ? argument : argument.substring(0, equals), argument.substring(equals + 1));
    }
    Duration change =
        world.elapsed().plusSeconds(Integer.parseInt(fields.getOrDefault("change", "0")));
    Duration end = world.elapsed().plusSeconds(Integer.parseInt(fields.getOrDefault("after", "0")));
    if (world instanceof SimWorld sim) {
      sim.world().schedule(end.minus(world.elapsed()), () -> {});
      sim.world().schedule(change.minus(world.elapsed()), () -> {});
    }
    return new Telling(world, fields, change, end);
  }

  private static final class Telling implements VerbRun {
    private final LabWorld world;
    private final Map<String, String> fields;
    private final Duration change;
    private final Duration end;
    private boolean stopped;

    Telling(LabWorld world, Map<String, String> fields, Duration change, Duration end) {
      this.world = world;
      this.fields = fields;
      this.change = change;
      this.end = end;
    }

    @Override
    public boolean isReady() {
      return world.elapsed().compareTo(end) >= 0;
    }

    @Override
    public boolean isDone() {
      return stopped || (!fields.containsKey("stay") && isReady());
    }

    @Override
    public void stop() {
      stopped = true;
    }

    @Override
    public int exitCode() {
      return Integer.parseInt(fields.getOrDefault("exit", "0"));
    }

    @Override
    public Map<String, String> fields() {
      boolean changed = world.elapsed().compareTo(change) >= 0;
      return isDone() ? fields : Map.of("changed", String.valueOf(changed));
    }

    @Override
    public String output() {
      return "told " + fields.size();
    }
  }
}
