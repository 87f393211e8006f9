package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code node}: a STUN server, with RFC 5780 where its host has two addresses of a family. */
final class NodeVerb implements Verb {
  private static final Set<String> OPTIONS =
      Stream.concat(RelayRules.OPTIONS.stream(), Stream.of("--knows"))
          .collect(Collectors.toUnmodifiableSet());

  @Override
  public String name() {
    return "node";
  }

  @Override
  public String summary() {
    return "answers STUN on port 3478, with RFC 5780 where the host has two addresses of a family;"
        + " --relay [--allow-peer CIDR]... [--deny-peer CIDR]... [--password TEXT]"
        + " [--lifetime TIME] [--nonce-lifetime TIME] relays (RFC 8656) in its place, also over TLS"
        + " and DTLS on port 443 and, on a second address, in the clear on 443; --rendezvous"
        + " [--knows HOST,...] also lets peers meet on port 443, with --relay gives them"
        + " credentials for a relay on port 3478";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(name(), arguments, Set.of("--relay", "--rendezvous"), OPTIONS);
    if (!given.words().isEmpty()) {
      throw new IllegalArgumentException("node takes no '" + given.words().get(0) + "'");
    }
    RelayRules rules = RelayRules.of(given);
    boolean relay = given.has("--relay");
    if (!relay && RelayRules.OPTIONS.stream().anyMatch(given::has)) {
      throw new IllegalArgumentException(
          "node: " + String.join(", ", new TreeSet<>(RelayRules.OPTIONS)) + " need --relay");
    }
    if (given.has("--rendezvous")) {
      return rendezvous(
          world, host, given.value("--knows"), relay ? Optional.of(rules) : Optional.empty());
    }
    if (given.has("--knows")) {
      throw new IllegalArgumentException("node: --knows needs --rendezvous");
    }
    List<List<InetAddress>> families =
        List.of(Places.of(world, host, true), Places.of(world, host, false));
    if (world instanceof SimWorld sim) {
      return relay ? SimNode.relay(sim, host, families, rules) : SimNode.stun(sim, host, families);
    }
    if (world instanceof KernelWorld kernel) {
      return new KernelNode(
          kernel, host, relay ? relayCommandLine(families, rules) : commandLine(families));
    }
    throw new IllegalArgumentException("node knows no world like this one");
  }

  private static VerbRun rendezvous(
      LabWorld world, String host, Optional<String> knows, Optional<RelayRules> relay)
      throws LabException {
    List<KnownNode> others =
        knows.stream()
            .flatMap(names -> Arrays.stream(names.split(",", -1)))
            .map(name -> LabPeers.known(world, name))
            .toList();
    // What tells mappings apart (RFC 5780) is what peers need who are to punch.
    List<List<InetAddress>> families =
        List.of(
            relay.isPresent()
                ? Places.of(world, host, true)
                : List.of(Places.first(world, host, true)));
    if (world instanceof SimWorld sim) {
      return SimNode.rendezvous(sim, host, families, others, relay);
    }
    if (world instanceof KernelWorld kernel) {
      List<String> line = new ArrayList<>(commandLine(families));
      String ip = IpLiterals.format(families.get(0).get(0), false);
      line.addAll(List.of("--rendezvous", "--tls-listen", ip + ":" + LabPeers.PORT));
      line.addAll(List.of("--rendezvous-url", LabPeers.url(world, host).toString()));
      line.addAll(List.of("--identity", LabPeers.keyFile(host).toString()));
      others.forEach(other -> line.addAll(List.of("--knows", other.toString())));
      if (relay.isPresent()) {
        line.addAll(List.of("--relay", "--realm", LabUser.REALM));
        line.addAll(relay.get().commandLine());
      }
      return new KernelNode(kernel, host, line);
    }
    throw new IllegalArgumentException("node knows no world like this one");
  }

  private static List<String> commandLine(List<List<InetAddress>> families) {
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

  private static List<String> relayCommandLine(List<List<InetAddress>> families, RelayRules rules)
      throws LabException {
    RelayPorts ports = RelayPorts.of(families);
    LabKey key = LabKey.get();
    List<String> line = new ArrayList<>(List.of("node", "--threads=1", "--drain=0", "--relay"));
    line.addAll(List.of("--realm", LabUser.REALM));
    line.addAll(List.of("--cert", key.certificate().toString(), "--key", key.key().toString()));
    ports.plain().forEach(address -> line.addAll(List.of("--listen", address.toString())));
    ports.tls().forEach(address -> line.addAll(List.of("--tls-listen", address.toString())));
    ports.tls().forEach(address -> line.addAll(List.of("--dtls-listen", address.toString())));
    line.addAll(rules.commandLine());
    return line;
  }
}
