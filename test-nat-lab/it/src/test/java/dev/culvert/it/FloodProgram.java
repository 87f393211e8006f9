package dev.culvert.it;

import dev.culvert.lab.Lab;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;

/** Sends packets from everywhere in a lab to addresses of the machine and of nobody. */
final class FloodProgram {
  private FloodProgram() {}

  public static void main(String[] arguments) throws Exception {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc")
            .home("b", "open")
            .link("a", LinkSpec.parse("delay:1ms"))
            .build();
    try (Lab lab = Lab.up(spec)) {
      for (String host : lab.addresses().keySet()) {
        for (String target : new String[] {"198.18.77.1", "198.18.77.2", "192.0.2.200"}) {
          String probe =
              "for i in 1 2 3 4 5; do echo x >/dev/udp/" + target + "/9; done 2>/dev/null; true";
          lab.host(host).run(Limits.PROMPT, "bash", "-c", probe);
        }
      }
      System.out.println("flooded");
    }
  }
}
