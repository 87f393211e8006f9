package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import java.util.List;
import java.util.stream.Stream;

/**
 * A verb with arguments that stand before all others.
 *
 * @param verb the verb
 * @param given its first arguments
 */
record GivenVerb(Verb verb, List<String> given) implements Verb {

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
    return verb.start(world, host, Stream.concat(given.stream(), arguments.stream()).toList());
  }
}
