package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.RouterSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A lab that changes while it runs. Not thread safe, but for {@link #addresses}. */
public final class LiveLab {
  /** Nothing passes, and nobody is told why: so a router behaves that has no power. */
  private static final String OFF =
      """
      flush ruleset
      table inet off {
       chain passing { type filter hook prerouting priority -400; policy drop;
       }
       chain own { type filter hook output priority -400; policy drop;
       }
      }
      """;

  private final Holder holder;
  private final Addressing addressing;
  private final Shell shell;
  private final Lines lines;
  private final Map<String, Path> captures = new LinkedHashMap<>();
  private LabSpec spec;
  private Layout layout;
  private volatile Map<String, List<InetAddress>> addresses;
  private Optional<WireProcess> wire = Optional.empty();

  private LiveLab(LabSpec spec, Layout layout, Holder holder) {
    this.spec = spec;
    this.layout = layout;
    this.holder = holder;
    this.addressing = layout.addressing();
    this.addresses = layout.addresses();
    this.shell = new Shell(holder);
    this.lines = new Lines(spec.impairment(), spec.seed(), shell, this::wire);
  }

  /**
   * Starts one that ends with this JVM, however it ends.
   *
   * @throws LabException if it cannot start, in one line with the mend
   */
  public static LiveLab up(LabSpec spec) throws LabException {
    Layout layout;
    try {
      layout = Topology.changeable(spec);
    } catch (IllegalArgumentException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    }
    LiveLab lab = new LiveLab(spec, layout, Holder.start(UpScript.of(spec, layout), true));
    try {
      for (Cable cable : layout.cables()) {
        if (cable.link().impaired()) {
          lab.lines.apply(cable);
        }
      }
      lab.populate();
      return lab;
    } catch (LabException e) {
      lab.end();
      throw e;
    }
  }

  /** Has the hosts that only count by their mappings send. */
  private void populate() throws LabException {
    for (RouterSpec router : spec.routers()) {
      int perSecond = router.behaviour().options().pool().neighboursPerSecond();
      if (perSecond > 0) {
        Prefix inside = addressing.inside(router.name());
        // The last, which is given to nobody unless the range is full.
        InetAddress source = inside.host(inside.size() - 2);
        InetAddress target = layout.node(LabSpec.INTERNET).addresses.get(0);
        wire().order(WireOrder.neighbours(router.name(), source, target, perSecond));
      }
    }
  }

  /** Its first process. */
  public Holder holder() {
    return holder;
  }

  /** The present addresses of each host and router, the one that its name stands for first. */
  public Map<String, List<InetAddress>> addresses() {
    return addresses;
  }

  /** Restarts a router: it forgets every mapping, filter and connection. */
  public void reboot(String router) throws LabException {
    checkRouter(router);
    String name = "restart " + router;
    shell.run(name, rules(router, OFF));
    wire().order(WireOrder.forget(router));
    shell.run(name, rules(router, "flush ruleset\n" + layout.node(router).rules));
  }

  /** Gives a router another outside address; empty for any that is free. */
  public void readdress(String router, Optional<InetAddress> outside) throws LabException {
    checkRouter(router);
    Layout before = layout;
    addressing.readdress(router, outside);
    layout = Topology.changed(spec, addressing.present());
    String name = "change the address of " + router;
    shell.run(name, rules(router, OFF) + undone(before) + made(before) + names());
    wire().order(WireOrder.forget(router));
    shell.run(name, rules(router, "flush ruleset\n" + layout.node(router).rules));
    addresses = layout.addresses();
  }

  /** Connects a host elsewhere. */
  public void move(String host, String uplink) throws LabException {
    checkHost(host);
    Layout before = layout;
    Cable old = before.cable(host);
    addressing.move(host, uplink);
    spec = Specs.moved(spec, host, uplink);
    layout = Topology.changed(spec, addressing.present());
    Cable cable = layout.cable(host);
    lines.unplug(old);
    String wireIp = "ip -n " + LabSpec.WIRE;
    List<String> inWire = new ArrayList<>(Cabling.ready(cable));
    inWire.addAll(Cabling.patch(cable));
    shell.run(
        "move " + host,
        "ip -n "
            + old.node()
            + " link del dev "
            + old.device()
            + "\n"
            + "ip -n "
            + old.upper()
            + " link del dev "
            + old.upperDevice()
            + "\n"
            + wireIp
            + " link del dev "
            + old.patch()
            + "\n"
            + undone(before)
            + Shell.batch("ip -batch -", Cabling.halves(cable))
            + Shell.batch(wireIp + " -batch -", inWire)
            + made(before)
            + names());
    addresses = layout.addresses();
    lines.plug(cable);
    Path capture = captures.get(host);
    if (capture != null) {
      wire().order(WireOrder.capture(host, devices(host), capture.toString()));
    }
  }

  /** Cuts the cable between a host or router and its uplink. */
  public void cut(String name) throws LabException {
    lines.cut(cable(name));
  }

  /** Mends the cable between a host or router and its uplink. */
  public void mend(String name) throws LabException {
    lines.mend(cable(name));
  }

  /** Changes the cable between a host or router and its uplink. */
  public void relink(String name, LinkSpec link) throws LabException {
    LinkSpec before = cable(name).link();
    if (Topology.carriesIpv6(before) != Topology.carriesIpv6(link)) {
      throw new IllegalArgumentException(
          "the line of "
              + name
              + " cannot pass an MTU of 1280 while the lab runs: its IPv6 would come or go");
    }
    spec = Specs.relinked(spec, name, link);
    layout = Topology.changed(spec, addressing.present());
    lines.apply(layout.cable(name));
  }

  /** Writes what a host or router sends and receives to a file, until the lab ends. */
  public void capture(String name, Path pcap) throws LabException {
    layout.node(known(name));
    Path file = pcap.toAbsolutePath();
    if (file.toString().indexOf('\n') >= 0 || (file.startsWith("/run") && hidden(file))) {
      throw new IllegalArgumentException(
          "a lab sees no " + file + ", for it has a /run of its own; name another place");
    }
    try {
      Files.write(file, new byte[0]);
    } catch (IOException e) {
      throw new LabException("cannot write " + file + ": " + e.getClass().getSimpleName(), e);
    }
    wire().order(WireOrder.capture(name, devices(name), file.toString()));
    captures.put(name, file);
  }

  /** Ends it with all that runs in it. */
  public void end() throws LabException {
    wire.ifPresent(WireProcess::end);
    holder.end();
  }

  private static boolean hidden(Path file) {
    return !file.startsWith("/run/user");
  }

  private WireProcess wire() throws LabException {
    if (wire.isEmpty()) {
      wire = Optional.of(WireProcess.in(holder));
    }
    return wire.orElseThrow();
  }

  private static String rules(String router, String rules) {
    return Shell.batch("inside " + router + " nft -f -", List.of(rules));
  }

  /** What is the same before and after stays untouched in namespaces where nothing changes. */
  private String undone(Layout before) {
    StringBuilder script = new StringBuilder();
    for (Node node : layout.nodes()) {
      List<String> lines = Difference.gone(before.node(node.name), node);
      // Interfaces that are gone have taken theirs with them.
      script.append(Shell.attempt("ip -n " + node.name + " -force -batch -", lines));
    }
    return script.toString();
  }

  private String made(Layout before) {
    StringBuilder script = new StringBuilder();
    for (Node node : layout.nodes()) {
      if (!Difference.same(before.node(node.name), node)) {
        script.append(Shell.batch("ip -n " + node.name + " -batch -", Difference.made(node.ip4)));
        script.append("if [ -d /proc/sys/net/ipv6 ]; then\n:\n");
        script.append(Shell.batch("ip -n " + node.name + " -batch -", Difference.made(node.ip6)));
        script.append("fi\n");
      }
    }
    return script.toString();
  }

  private String names() {
    return "cat >/run/lab/hosts <<END\n" + layout.hostsFile() + UpScript.OWN_NAME + "END\n";
  }

  private String devices(String name) {
    if (name.equals(LabSpec.INTERNET)) {
      return layout.cables().stream()
          .filter(cable -> cable.upper().equals(name))
          .map(Cable::upperDevice)
          .collect(Collectors.joining(","));
    }
    return layout.node(name).forwards ? "wan,lan" : layout.cable(name).device();
  }

  private Cable cable(String name) {
    if (name.equals(LabSpec.INTERNET)) {
      throw new IllegalArgumentException("the Internet itself has no line");
    }
    return layout.cable(known(name));
  }

  private String known(String name) {
    if (!addresses.containsKey(name)) {
      throw new IllegalArgumentException(
          "there is no host or router called '"
              + name
              + "'; there are "
              + String.join(", ", addresses.keySet()));
    }
    return name;
  }

  private void checkRouter(String name) {
    if (spec.routers().stream().noneMatch(router -> router.name().equals(name))) {
      throw new IllegalArgumentException("there is no router called '" + name + "'");
    }
  }

  private void checkHost(String name) {
    if (spec.hosts().stream().noneMatch(host -> host.name().equals(name))) {
      throw new IllegalArgumentException("there is no host called '" + name + "'");
    }
  }
}
