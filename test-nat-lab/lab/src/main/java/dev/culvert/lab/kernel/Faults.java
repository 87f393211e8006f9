package dev.culvert.lab.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Turns what a failed start left behind into one line that names the fault and the mend. */
final class Faults {
  private Faults() {}

  static String missing(String tools, String packages) {
    return "the NAT lab needs " + tools + "; install: apt-get install " + packages;
  }

  static String noNetem(String fault) {
    return "this kernel has no netem ("
        + fault
        + "); as root, modprobe sch_netem, or leave links to the lab's own forwarder";
  }

  static String explain(List<String> lines, boolean userNamespace) {
    String stage = "";
    String first = "";
    for (String line : lines) {
      if (line.startsWith("failed ")) {
        stage = line.substring("failed ".length());
      } else if (first.isEmpty() && !line.startsWith("pid ") && !line.isBlank()) {
        first = line.strip();
      }
    }
    boolean begun = lines.stream().anyMatch(line -> line.startsWith("pid "));
    if (!begun) {
      return userNamespace ? forbidden(first) : "the lab cannot make namespaces: " + first;
    }
    if (stage.equals("tools")) {
      return first + " for the NAT lab; install: apt-get install nftables iproute2 util-linux";
    }
    if (stage.equals("netem")) {
      return noNetem(first);
    }
    if (stage.equals("proc")) {
      return "the lab cannot mount its own /proc (" + first + "); run it outside of this container";
    }
    String text = "the lab cannot start (" + (stage.isEmpty() ? "start" : stage) + "): " + first;
    return text + module(stage, first.toLowerCase(Locale.ROOT));
  }

  private static String module(String stage, String fault) {
    boolean lacking =
        fault.contains("not supported")
            || fault.contains("no such file")
            || fault.contains("unknown device type")
            || fault.contains("protocol not available");
    if (lacking && stage.equals("rules")) {
      return "; the kernel lacks NAT in nf_tables: as root, modprobe -a nf_tables nft_chain_nat"
          + " nft_masq nft_numgen nf_conntrack";
    }
    if (stage.equals("rules") && fault.contains("message too long")) {
      return "; the kernel takes fewer rules at once from an ordinary user: narrow the range of"
          + " sequential ports to about 2000, or run it as root";
    }
    if (lacking && (stage.equals("links") || stage.equals("addresses"))) {
      return "; the kernel lacks virtual links: as root, modprobe -a veth bridge";
    }
    return "";
  }

  private static String forbidden(String fault) {
    if (Platform.isRoot()) {
      return "root lacks CAP_SYS_ADMIN and CAP_NET_ADMIN here, as in most containers, and may not make"
          + " user namespaces either ("
          + fault
          + "); start the container with them, or run it outside";
    }
    String mend = "run it as root";
    if (Files.exists(Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"))) {
      mend += ", or allow them: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
    } else if (Files.exists(Path.of("/proc/sys/kernel/unprivileged_userns_clone"))) {
      mend += ", or allow them: sysctl -w kernel.unprivileged_userns_clone=1";
    } else {
      mend += ", or raise user.max_user_namespaces";
    }
    return "this machine does not let ordinary users make namespaces (" + fault + "); " + mend;
  }
}
