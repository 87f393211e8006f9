package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import java.util.List;
import java.util.Locale;

/** What to tell {@code ip} and {@code tc} to make cables and to have them impair packets. */
final class Cabling {
  private static final int USUAL_MTU = 1500;
  private static final int USUAL_SEGMENTS = 65535;

  private Cabling() {}

  /** A cable whose ends meet. */
  static String direct(Cable cable) {
    return veth(
        cable,
        end(cable.device(), cable.node(), cable.address()),
        end(cable.upperDevice(), cable.upper(), cable.upperAddress()));
  }

  /** Both halves of a cable that passes the wire. */
  static List<String> halves(Cable cable) {
    return List.of(
        veth(
            cable,
            end(cable.device(), cable.node(), cable.address()),
            cable.near() + " netns " + LabSpec.WIRE),
        veth(
            cable,
            end(cable.upperDevice(), cable.upper(), cable.upperAddress()),
            cable.far() + " netns " + LabSpec.WIRE));
  }

  /** What to do in the wire so that {@link #halves} are ready for a forwarder. */
  static List<String> ready(Cable cable) {
    return List.of("link set dev " + cable.near() + " up", "link set dev " + cable.far() + " up");
  }

  /** What to do in the wire so that {@link #halves} can be patched together. */
  static List<String> patch(Cable cable) {
    return List.of(
        "link add name "
            + cable.patch()
            + " type bridge stp_state 0 forward_delay 0"
            + " mcast_snooping 0",
        "link set dev " + cable.patch() + " up");
  }

  /** Frames pass the patch. */
  static List<String> joined(Cable cable) {
    return List.of(
        "link set dev " + cable.near() + " master " + cable.patch(),
        "link set dev " + cable.far() + " master " + cable.patch());
  }

  /** Frames that arrive in the wire end there, unless a forwarder takes them. */
  static List<String> parted(Cable cable) {
    return List.of(
        "link set dev " + cable.near() + " nomaster", "link set dev " + cable.far() + " nomaster");
  }

  /** The size of packets at both ends and in the wire. */
  static String sizes(Cable cable) {
    int mtu = cable.link().mtu() > 0 ? cable.link().mtu() : USUAL_MTU;
    int segments = cable.link().impaired() ? 1 : USUAL_SEGMENTS;
    String all = " mtu " + mtu + " gso_max_segs " + segments + "\n";
    return "ip -n "
        + LabSpec.WIRE
        + " link set dev "
        + cable.near()
        + " mtu "
        + mtu
        + "\n"
        + "ip -n "
        + LabSpec.WIRE
        + " link set dev "
        + cable.far()
        + " mtu "
        + mtu
        + "\n"
        + "ip -n "
        + cable.node()
        + " link set dev "
        + cable.device()
        + all
        + "ip -n "
        + cable.upper()
        + " link set dev "
        + cable.upperDevice()
        + all;
  }

  /** The words behind {@code tc qdisc add dev DEVICE root}. */
  static String netem(LinkSpec link) {
    StringBuilder netem = new StringBuilder("netem limit 10000");
    if (!link.delay().isZero()) {
      netem.append(" delay ").append(link.delay().toNanos() / 1000).append("us");
    }
    if (!link.jitter().isZero()) {
      netem.append(' ').append(link.jitter().toNanos() / 1000).append("us");
    }
    share(netem, " loss ", link.loss());
    share(netem, " duplicate ", link.duplication());
    share(netem, " reorder ", link.reordering());
    if (link.bitsPerSecond() > 0) {
      netem.append(" rate ").append(link.bitsPerSecond()).append("bit");
    }
    return netem.toString();
  }

  private static void share(StringBuilder netem, String what, double value) {
    if (value > 0) {
      netem.append(what).append(String.format(Locale.ROOT, "%.6f%%", value * 100));
    }
  }

  private static String end(String device, String space, String address) {
    return device + " address " + address + " netns " + space;
  }

  private static String veth(Cable cable, String end, String otherEnd) {
    LinkSpec link = cable.link();
    String size = link.mtu() > 0 ? " mtu " + link.mtu() : "";
    // Super-packets of segmentation offload would be lost and delayed as one.
    String whole = link.impaired() ? " gso_max_segs 1" : "";
    return "link add name "
        + end
        + size
        + whole
        + " type veth peer name "
        + otherEnd
        + size
        + whole;
  }
}
