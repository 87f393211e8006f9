package dev.culvert.lab.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.KernelWorld;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLimitsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prc+nat64",
        "prc+rewrites",
        "prc+parity",
        "prc+block=64",
        "prc+neighbours=500/s",
        "prc+refresh=inbound",
        "prc+syn=icmp",
        "none/apdf+syn=rst",
      })
  void whatTheKernelCannotDoIsRefusedInOneLine(String profile) {
    LabSpec spec = LabSpec.builder().home("a", profile).build();
    List<String> limits = KernelWorld.limits(spec);
    assertEquals(1, limits.size(), limits::toString);
    assertTrue(limits.get(0).startsWith("a-nat: "), limits::toString);
    for (LabException refusal :
        List.of(
            assertThrows(LabException.class, () -> KernelWorld.up(spec)),
            assertThrows(LabException.class, () -> Lab.up(spec)))) {
      assertEquals("not in the kernel's lab: " + limits.get(0), refusal.getMessage());
    }
  }

  @Test
  void everyProfileAndTheOtherOptionsAreWithinThem() {
    for (Profile profile : Profile.all()) {
      assertEquals(List.of(), KernelWorld.limits(LabSpec.builder().home("a", profile).build()));
    }
    LabSpec busy = LabSpec.builder().home("a", "prc+neighbours=10/s").build();
    assertEquals(List.of(), KernelWorld.limits(busy));
    LabException refusal = assertThrows(LabException.class, () -> Lab.up(busy));
    assertTrue(String.valueOf(refusal.getMessage()).contains("neighbours"));
    String rest =
        "prc+refresh=both+addresses=4+pooling=arbitrary+fragments=drop+blackhole+syn=rst"
            + "+established=60s+transitory=10s";
    assertEquals(List.of(), KernelWorld.limits(LabSpec.builder().home("a", rest).build()));
  }
}
