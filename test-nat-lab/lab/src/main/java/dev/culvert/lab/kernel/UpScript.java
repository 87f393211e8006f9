package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.Impairment;
import dev.culvert.lab.spec.LabSpec;
import java.util.ArrayList;
import java.util.List;

/** The shell script that makes the namespaces, interfaces and rules of one lab. */
public final class UpScript {
  /** What a line of the hosts file is when a shell has read it. */
  static final String OWN_NAME = "127.0.1.1 $(cat /proc/sys/kernel/hostname)\n";

  private final LabSpec spec;
  private final Layout layout;
  private final StringBuilder text = new StringBuilder();

  private UpScript(LabSpec spec, Layout layout) {
    this.spec = spec;
    this.layout = layout;
  }

  /** The script for {@code layout}, to be run by boot.sh. */
  public static String of(LabSpec spec, Layout layout) {
    return new UpScript(spec, layout).write();
  }

  private String write() {
    file("hosts", layout.hostsFile() + OWN_NAME, false);
    line("doing=namespaces");
    for (Node node : layout.nodes()) {
      line("space " + node.name + (node.forwards ? " router" : " host"));
    }
    links();
    line("doing=addresses");
    for (Node node : layout.nodes()) {
      List<String> commands = new ArrayList<>(List.of("link set dev lo up"));
      commands.addAll(node.ip4);
      batch("ip -n " + node.name + " -batch -", commands);
    }
    line("if [ -d /proc/sys/net/ipv6 ]; then");
    for (Node node : layout.nodes()) {
      if (!node.ip6.isEmpty()) {
        batch("ip -n " + node.name + " -batch -", node.ip6);
      }
    }
    line("fi");
    line("doing=rules");
    for (Node node : layout.nodes()) {
      if (!node.rules.isEmpty()) {
        batch("inside " + node.name + " nft -f -", List.of(node.rules.stripTrailing()));
        line("inside " + node.name + " sh -eu -c 'cd /proc/sys/net/netfilter");
        node.timeouts.forEach(
            (state, seconds) -> line(" echo " + seconds + " >nf_conntrack_" + state));
        line("'");
      }
    }
    awaitForwarder();
    return text.toString();
  }

  private void links() {
    line("doing=links");
    if (layout.changeable()) {
      changeable();
      return;
    }
    List<String> plain = new ArrayList<>();
    List<Cable> impaired = new ArrayList<>();
    for (Cable cable : layout.cables()) {
      if (cable.link().impaired()) {
        impaired.add(cable);
      } else {
        plain.add(Cabling.direct(cable));
      }
    }
    batch("ip -batch -", plain);
    line("netem=no");
    if (impaired.isEmpty()) {
      return;
    }
    if (spec.impairment() != Impairment.FORWARDER) {
      line("doing=netem");
      String probe = "tc qdisc add dev lo root netem delay 1ms";
      if (spec.impairment() == Impairment.NETEM) {
        line(probe);
        line("netem=yes");
      } else {
        line("if " + probe + " 2>/dev/null; then netem=yes; fi");
      }
      line("if [ $netem = yes ]; then");
      line("tc qdisc del dev lo root");
      netem(impaired);
      line("fi");
    }
    line("if [ $netem = no ]; then");
    forwarder(impaired);
    line("fi");
  }

  /** Every cable passes the wire and is perfect at first. */
  private void changeable() {
    line("space " + LabSpec.WIRE + " wire");
    List<String> veths = new ArrayList<>();
    List<String> wire = new ArrayList<>();
    for (Cable cable : layout.cables()) {
      veths.addAll(Cabling.halves(cable));
      wire.addAll(Cabling.ready(cable));
      wire.addAll(Cabling.patch(cable));
      wire.addAll(Cabling.joined(cable));
    }
    batch("ip -batch -", veths);
    batch("ip -n " + LabSpec.WIRE + " -batch -", wire);
  }

  private void netem(List<Cable> impaired) {
    List<String> veths = new ArrayList<>();
    for (Cable cable : impaired) {
      veths.add(Cabling.direct(cable));
    }
    batch("ip -batch -", veths);
    for (Cable cable : impaired) {
      String discipline = " root " + Cabling.netem(cable.link());
      line("tc -n " + cable.node() + " qdisc add dev " + cable.device() + discipline);
      line("tc -n " + cable.upper() + " qdisc add dev " + cable.upperDevice() + discipline);
    }
  }

  private void forwarder(List<Cable> impaired) {
    line("doing=forwarder");
    line("space " + LabSpec.WIRE + " wire");
    List<String> veths = new ArrayList<>();
    List<String> ups = new ArrayList<>();
    StringBuilder config = new StringBuilder();
    for (Cable cable : impaired) {
      veths.addAll(Cabling.halves(cable));
      ups.addAll(Cabling.ready(cable));
      config.append(WireOrder.link(cable, spec.seed())).append('\n');
    }
    batch("ip -batch -", veths);
    batch("ip -n " + LabSpec.WIRE + " -batch -", ups);
    file("wire.conf", config.toString(), true);
    line("mkfifo /run/lab/wire.ready");
    line("exec 8<>/run/lab/wire.ready");
    // The subshell speaks up when the forwarder ends, so that waiting for it never hangs.
    line("( trap - EXIT");
    line("  inside " + LabSpec.WIRE + " \"$@\" /run/lab/wire.conf 2>/run/lab/wire.log || true");
    line("  echo ended ) </dev/null >&8 &");
  }

  private void awaitForwarder() {
    line("if [ -e /run/lab/wire.ready ]; then");
    line("doing=forwarder");
    line("read -r word <&8");
    line("[ \"$word\" = ready ] || { echo $word; head -n 1 /run/lab/wire.log; exit 1; }");
    line("fi");
  }

  private void batch(String command, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    line(command + " <<'END'");
    lines.forEach(this::line);
    line("END");
  }

  private void file(String name, String content, boolean literal) {
    line("cat >/run/lab/" + name + (literal ? " <<'END'" : " <<END"));
    line(content.stripTrailing());
    line("END");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
