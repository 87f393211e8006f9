package dev.culvert.it;

import dev.culvert.cli.Culvert;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code culvert node --rendezvous --relay} on a host of a lab, with RFC 5780 if it has two IPv4
 * addresses.
 */
final class NodeUnderTest implements AutoCloseable {
  private static final Pattern ID = Pattern.compile(" rendezvous id=([a-z0-9]+)");

  private final LabProcess process;
  private final String known;

  private NodeUnderTest(LabProcess process, String known) {
    this.process = process;
    this.known = known;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param folder for its key
   */
  static NodeUnderTest on(LabHost host, Path folder) throws Exception {
    List<String> words = new ArrayList<>(List.of("node", "--relay", "--rendezvous"));
    String ip = text(host.ipv4().get(0));
    words.addAll(List.of("--listen", ip, "--tls-listen", ip));
    if (host.ipv4().size() > 1) {
      words.addAll(List.of("--alternate", text(host.ipv4().get(1))));
    }
    words.addAll(List.of("--identity", folder.resolve(host.name() + ".key").toString()));
    List<String> line = ChildJvm.java(Culvert.class, words.toArray(new String[0]));
    line.addAll(1, List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
    line.replaceAll(word -> word.equals("-Xmx512m") ? "-Xmx96m" : word);
    LabProcess process = host.start(line);
    String told = process.await(output -> ID.matcher(output).find(), Limits.SLOW);
    Matcher id = ID.matcher(told);
    Matcher tls = Pattern.compile(" tls=([0-9.:]+)").matcher(told);
    if (!id.find() || !tls.find()) {
      throw new AssertionError("no id or address in " + told);
    }
    return new NodeUnderTest(process, "wss://" + tls.group(1) + "/~" + id.group(1));
  }

  private static String text(InetAddress address) {
    return IpLiterals.format(address, false);
  }

  /** How peers name it. */
  String known() {
    return known;
  }

  /** Ends it as a crash would. */
  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}
