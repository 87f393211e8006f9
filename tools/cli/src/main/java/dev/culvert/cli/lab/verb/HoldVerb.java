package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import java.util.List;
import java.util.Set;

/** {@code hold}: a client that holds an allocation of a relay until it is stopped. */
final class HoldVerb implements Verb {

  @Override
  public String name() {
    return "hold";
  }

  @Override
  public String summary() {
    return "holds an allocation of a relay (RFC 8656) until it is stopped, and sends itself a"
        + " datagram through it every 100 ms: [-4|-6] [--over udp|tcp|tls|dtls]"
        + " [--server HOST[:PORT]] [--user NAME] [--password TEXT] [--pin sha256//BASE64]"
        + " [--reallocate]; fields outcome (holding, waiting, lost, failed, none), reason, over, relayed, mapped,"
        + " allocations, losses, postponements, flows, sent, lostPercent, and counted on the wire"
        + " requests, allocates, refreshes, staleNonces, challenges";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(
            name(), arguments, Set.of("-4", "-6", "--reallocate"), RelayAccess.OPTIONS);
    if (!given.words().isEmpty()) {
      throw new IllegalArgumentException("hold takes no '" + given.words().get(0) + "'");
    }
    boolean ipv4 = !given.has("-6");
    Places.first(world, host, ipv4);
    RelayAccess access = RelayAccess.of(world, name(), given, ipv4).firstWay();
    if (world instanceof SimWorld sim) {
      return new SimHold(sim, host, access, given.has("--reallocate"));
    }
    if (world instanceof KernelWorld kernel) {
      return new KernelHold(kernel, host, access, given.has("--reallocate"));
    }
    throw new IllegalArgumentException("hold knows no world like this one");
  }
}
