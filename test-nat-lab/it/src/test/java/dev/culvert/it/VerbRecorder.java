package dev.culvert.it;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Remembers what the verbs of one scenario found. */
final class VerbRecorder {
  /**
   * What was run where, and what it found.
   *
   * @param addresses those of every host and router at that moment
   */
  record Found(String what, Map<String, String> fields, Map<String, List<InetAddress>> addresses) {}

  private record Begun(String what, VerbRun run, Map<String, List<InetAddress>> addresses) {}

  private final List<Begun> begun = new ArrayList<>();

  /** The same verbs, watched. */
  List<Verb> watching(Collection<Verb> verbs) {
    return verbs.stream().<Verb>map(Watched::new).toList();
  }

  /** What those found that ended by themselves or found something. */
  List<Found> found() {
    return begun.stream()
        .map(one -> new Found(one.what(), one.run().fields(), one.addresses()))
        .filter(one -> !one.fields().isEmpty())
        .toList();
  }

  private final class Watched implements Verb {
    private final Verb verb;

    Watched(Verb verb) {
      this.verb = verb;
    }

    @Override
    public String name() {
      return verb.name();
    }

    @Override
    public String summary() {
      return verb.summary();
    }

    @Override
    public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
      VerbRun run = verb.start(world, host, arguments);
      String what = host + " " + name() + " " + String.join(" ", arguments);
      begun.add(new Begun(what, run, world.addresses()));
      return run;
    }
  }
}
