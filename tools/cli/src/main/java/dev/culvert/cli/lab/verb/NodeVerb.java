package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code node}: a STUN server, with RFC 5780 where its host has two addresses of a family. */
final class NodeVerb implements Verb {

  @Override
  public String name() {
    return "node";
  }

  @Override
  public String summary() {
    return "answers STUN on port 3478, with RFC 5780 where the host has two addresses of a family";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given = new VerbArguments(name(), arguments, Set.of(), Set.of());
    if (!given.words().isEmpty()) {
      throw new IllegalArgumentException("node takes no '" + given.words().get(0) + "'");
    }
    List<List<InetAddress>> families =
        List.of(Places.of(world, host, true), Places.of(world, host, false));
    if (world instanceof SimWorld sim) {
      return new SimNode(sim, host, families);
    }
    if (world instanceof KernelWorld kernel) {
      return new KernelNode(kernel, host, families);
    }
    throw new IllegalArgumentException("node knows no world like this one");
  }

  static List<String> commandLine(List<List<InetAddress>> families) {
    List<String> line = new ArrayList<>(List.of("node", "--threads=1", "--drain=0"));
    for (List<InetAddress> family : families) {
      if (!family.isEmpty()) {
        line.addAll(List.of("--listen", IpLiterals.format(family.get(0), true)));
      }
      if (family.size() > 1) {
        line.addAll(List.of("--alternate", IpLiterals.format(family.get(1), true)));
      }
    }
    return line;
  }
}
