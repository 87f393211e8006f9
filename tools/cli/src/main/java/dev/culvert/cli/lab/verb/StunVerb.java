package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.lab.reach.ReachDescription;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code stun}: how a socket of a host looks to a STUN server. */
final class StunVerb implements Verb {

  @Override
  public String name() {
    return "stun";
  }

  @Override
  public String summary() {
    return "asks a STUN server over UDP: [-4|-6] [--port LOCAL] [SERVER[:PORT]]; fields outcome"
        + " (answered or silent), local, reflexive";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(name(), arguments, Set.of("-4", "-6"), Set.of("--port"));
    if (given.words().size() > 1) {
      throw new IllegalArgumentException("stun asks one server");
    }
    boolean ipv4 = !given.has("-6");
    InetAddress from = Places.first(world, host, ipv4);
    TransportAddress server = Meeting.server(world, given.words().stream().findFirst(), ipv4);
    TransportAddress local = new TransportAddress(from, port(given.value("--port").orElse("0")));
    return new Run(ReachSide.start(world, host, local, server, Duration.ofSeconds(1), () -> {}));
  }

  private static int port(String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("--port '" + text + "' is no port");
    }
    return port;
  }

  /** One request that was begun. */
  private record Run(ReachSide side) implements VerbRun {

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean isDone() {
      boolean done = side.description().isPresent() || side.failure().isPresent();
      if (done) {
        side.stop();
      }
      return done;
    }

    @Override
    public void stop() {
      side.stop();
    }

    @Override
    public int exitCode() {
      Optional<ReachDescription> found = side.description();
      if (found.isEmpty()) {
        return ExitCode.INTERNAL.number();
      }
      return (found.get().reflexive().isPresent() ? ExitCode.OK : ExitCode.TIMEOUT).number();
    }

    @Override
    public Map<String, String> fields() {
      Map<String, String> fields = new HashMap<>();
      side.description()
          .ifPresent(
              found -> {
                fields.put("outcome", found.reflexive().isPresent() ? "answered" : "silent");
                fields.put("local", found.local().toString());
                found.reflexive().ifPresent(seen -> fields.put("reflexive", seen.toString()));
              });
      return Map.copyOf(fields);
    }

    @Override
    public String output() {
      return side.description()
          .map(
              found ->
                  found
                      .reflexive()
                      .map(seen -> found.local() + " is seen as " + seen)
                      .orElse(found.local() + " got no answer"))
          .or(side::failure)
          .orElse("");
    }
  }
}
