package dev.culvert.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A lab whose server {@code ours} runs our node and {@code coturn} coturn, both with two addresses
 * of each family, to run {@code culvert check} in.
 */
final class CheckLab implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Class<?> COMMAND = dev.culvert.cli.Culvert.class;

  private final Lab lab;

  private CheckLab(Lab lab) {
    this.lab = lab;
  }

  static CheckLab up(LabSpec spec) throws Exception {
    Lab lab = Lab.up(spec);
    try {
      // Both end with the lab.
      Together.<AutoCloseable>all(
          () -> node(lab.host("ours")), () -> Coturn.on(lab.host("coturn")));
      return new CheckLab(lab);
    } catch (Exception e) {
      lab.close();
      throw e;
    }
  }

  private static AutoCloseable node(LabHost host) throws LabException {
    List<String> words = new ArrayList<>(List.of("node"));
    for (List<InetAddress> pair : List.of(host.ipv4(), host.ipv6())) {
      words.addAll(List.of("--listen", IpLiterals.format(pair.get(0), true)));
      words.addAll(List.of("--alternate", IpLiterals.format(pair.get(1), true)));
    }
    LabProcess node = host.start(ChildJvm.java(COMMAND, words.toArray(new String[0])));
    node.await(output -> output.contains("ready"), LIMIT);
    return node;
  }

  /** Starts a liar on {@code liar}'s two IPv4 addresses. */
  AutoCloseable lie(LyingServer.Lie lie) throws LabException {
    LabHost host = lab.host("liar");
    LabProcess liar =
        host.start(
            ChildJvm.java(
                LyingServer.class,
                lie.name(),
                IpLiterals.format(host.ipv4().get(0), false),
                IpLiterals.format(host.ipv4().get(1), false)));
    liar.await(output -> output.contains("ready"), LIMIT);
    return liar;
  }

  /** Time is no object here: a busy machine must not turn findings into unknowns. */
  Checked check(String host, String server, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("check", "-o", "json", "-q", "--server", server));
    words.addAll(options.length > 0 ? Arrays.asList(options) : List.of("--deadline", "20s"));
    LabProcess check = lab.host(host).start(ChildJvm.java(COMMAND, words.toArray(new String[0])));
    int exitCode = check.awaitExit(LIMIT);
    String text =
        "behind " + host + ", by " + server + ", exit " + exitCode + ": " + check.output();
    try {
      return new Checked(new ObjectMapper().readTree(check.output()), text, exitCode);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError("no JSON " + text, e);
    }
  }

  @Override
  public void close() throws LabException {
    lab.close();
  }
}
