package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Never a packet outside of the lab's namespaces. */
class IsolationTest {

  private static LabSpec spec() {
    return LabSpec.builder()
        .home("a", "cgn-home")
        .home("b", "same:a")
        .home("c", "linux")
        .link("c", LinkSpec.parse("delay:1ms"))
        .build();
  }

  @Test
  void everyInterfaceEndsInTheLabAndTheInternetHasNoWayOut() throws Exception {
    try (Lab lab = Lab.up(spec())) {
      Set<String> spaces = new TreeSet<>(lab.addresses().keySet());
      spaces.add("wire");
      for (String host : lab.addresses().keySet()) {
        for (String line : lab.host(host).run(Limits.PROMPT, "ip", "-o", "-d", "link").lines()) {
          boolean inside =
              line.contains(" lo: ")
                  || line.matches("[0-9]+: lan: .* bridge .*")
                  || spaces.contains(line.replaceFirst(".* link-netns (\\S+).*", "$1"));
          assertTrue(inside, host + " has " + line);
        }
      }
      for (String family : List.of("-4", "-6")) {
        LabProcess way =
            lab.host("internet").run(Limits.PROMPT, "ip", family, "route", "show", "default");
        assertEquals("", way.output());
      }
    }
  }

  /**
   * The machine is itself a namespace here, with one interface and a default route, so that not a
   * single packet of anybody else's is counted.
   */
  @Test
  void theMachinesInterfacesSeeNothing() throws Exception {
    List<String> hold = ChildJvm.java(FloodProgram.class);
    String machine =
        String.join(
            "\n",
            "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6",
            "PATH=$PATH:/usr/sbin:/sbin",
            "ip link set lo up",
            "ip link add out0 type veth peer name out1",
            "ip addr add 198.18.77.1/24 dev out0",
            "ip link set out1 up; ip link set out0 up",
            "ip route add default via 198.18.77.2",
            "before=$(grep -E 'lo:|out0:' /proc/net/dev)",
            "\"$@\" || exit 1",
            "after=$(grep -E 'lo:|out0:' /proc/net/dev)",
            "[ \"$before\" = \"$after\" ] || { echo \"$before\"; echo \"$after\"; exit 2; }",
            // The counters do count: one packet of the machine's own changes them.
            "ping -c1 -W1 198.18.77.1 >/dev/null",
            "[ \"$before\" != \"$(grep -E 'lo:|out0:' /proc/net/dev)\" ] || exit 3");
    List<String> words =
        new java.util.ArrayList<>(
            List.of("unshare", "--user", "--map-root-user", "--net", "sh", "-euc", machine, "sh"));
    words.addAll(hold);
    Child child = Child.run(90, words);
    assertEquals(0, child.exitCode(), child.output());
    assertTrue(child.output().contains("flooded"), child.output());
  }
}
