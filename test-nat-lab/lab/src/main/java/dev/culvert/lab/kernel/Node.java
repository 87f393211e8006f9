package dev.culvert.lab.kernel;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One namespace while it is being planned: what to tell ip, nft and sysctl inside it. */
final class Node {
  final String name;
  final boolean forwards;
  final List<String> ip4 = new ArrayList<>();
  final List<String> ip6 = new ArrayList<>();
  final List<InetAddress> addresses = new ArrayList<>();
  String rules = "";
  Map<String, Long> timeouts = Map.of();

  Node(String name, boolean forwards) {
    this.name = name;
    this.forwards = forwards;
  }
}
