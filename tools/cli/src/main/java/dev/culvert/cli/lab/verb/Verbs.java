package dev.culvert.cli.lab.verb;

import dev.culvert.lab.world.Verb;
import java.util.List;

/** Every verb there is; safe for any thread. */
public final class Verbs {
  private static final List<Verb> ALL =
      List.of(
          new NodeVerb(),
          new CheckVerb(),
          new StunVerb(),
          new ReachVerb(),
          new RelayVerb(),
          new IceVerb(),
          new HoldVerb(),
          new MeetVerb(),
          new ConnectVerb());

  private Verbs() {}

  /** All of them, in the order to show them. */
  public static List<Verb> all() {
    return ALL;
  }

  /**
   * The one of that name.
   *
   * @throws IllegalArgumentException with one line for people if there is none
   */
  public static Verb named(String name) {
    return ALL.stream()
        .filter(verb -> verb.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + name
                        + "' is no verb; there are "
                        + String.join(", ", ALL.stream().map(Verb::name).toList())));
  }

  /**
   * The one of that name, always with these arguments.
   *
   * @throws IllegalArgumentException with one line for people if there is none
   */
  public static Verb named(String name, List<String> arguments) {
    return new GivenVerb(named(name), List.copyOf(arguments));
  }
}
