package dev.culvert.it;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What coturn's turnutils_natdiscovery finds out. */
record NatDiscovery(String output) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern REFLEXIVE = Pattern.compile("UDP reflexive addr: (\\S+):([0-9]+)");

  static NatDiscovery run(LabHost host, String server, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("timeout", "50", "turnutils_natdiscovery"));
    command.addAll(List.of(options));
    command.add(server);
    try (LabProcess process = host.start(command)) {
      int code = process.awaitExit(LIMIT);
      if (code != 0) {
        throw new AssertionError(command + " ended with " + code + ": " + process.output());
      }
      return new NatDiscovery(process.output());
    }
  }

  /** "Endpoint Independent", "Address Dependent", "Address and Port Dependent". */
  Optional<String> mapping() {
    return verdict("Mapping");
  }

  /** "Endpoint Independent", "Address Dependent", "Address and Port Dependent". */
  Optional<String> filtering() {
    return verdict("Filtering");
  }

  boolean hairpins() {
    return output.contains("maybe a successful hairpinning");
  }

  boolean timedOut() {
    return output.contains("STUN receive timeout");
  }

  /** The outside ports of the answers, in the order of the questions. */
  List<Integer> ports() {
    return REFLEXIVE.matcher(output).results().map(hit -> Integer.valueOf(hit.group(2))).toList();
  }

  /** The outside addresses of the answers, each once. */
  List<String> addresses() {
    return REFLEXIVE.matcher(output).results().map(hit -> hit.group(1)).distinct().toList();
  }

  private Optional<String> verdict(String what) {
    Matcher matcher = Pattern.compile("NAT with (.*) " + what + "!").matcher(output);
    return matcher.find() ? Optional.of(String.valueOf(matcher.group(1))) : Optional.empty();
  }
}
