package dev.culvert.lab.kernel;

import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A lab with every address and rule decided. */
public final class Layout {
  private final List<Node> nodes;
  private final List<Cable> cables;
  private final Addressing addressing;
  private final boolean changeable;

  Layout(List<Node> nodes, List<Cable> cables, Addressing addressing, boolean changeable) {
    this.nodes = List.copyOf(nodes);
    this.cables = List.copyOf(cables);
    this.addressing = addressing;
    this.changeable = changeable;
  }

  /** Who has which address from now on. */
  public Addressing addressing() {
    return addressing;
  }

  /** Whether its lines and hosts may be changed while it runs. */
  boolean changeable() {
    return changeable;
  }

  Node node(String name) {
    return nodes.stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
  }

  Cable cable(String node) {
    return cables.stream().filter(cable -> cable.node().equals(node)).findFirst().orElseThrow();
  }

  List<Node> nodes() {
    return nodes;
  }

  List<Cable> cables() {
    return cables;
  }

  /** The addresses of each host and router, the one that its name stands for first. */
  public Map<String, List<InetAddress>> addresses() {
    Map<String, List<InetAddress>> all = new LinkedHashMap<>();
    nodes.forEach(node -> all.put(node.name, List.copyOf(node.addresses)));
    return all;
  }

  /** The lines of /etc/hosts: each name for its first address of each family, s1-2 for others. */
  String hostsFile() {
    StringBuilder text = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
    for (Node node : nodes) {
      int seen4 = 0;
      int seen6 = 0;
      for (InetAddress address : node.addresses) {
        int nth = address.getAddress().length == 4 ? ++seen4 : ++seen6;
        text.append(IpLiterals.format(address, false)).append(' ').append(node.name);
        text.append(nth > 1 ? "-" + nth : "").append('\n');
      }
    }
    return text.toString();
  }
}
