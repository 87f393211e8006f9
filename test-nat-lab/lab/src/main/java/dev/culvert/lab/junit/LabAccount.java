package dev.culvert.lab.junit;

import dev.culvert.lab.host.Started;
import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.sansio.IpLiterals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What lay around a failure, attached to it: the lab, how to run it again, what was sent. */
final class LabAccount extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private LabAccount(String text) {
    super(text, null, false, false);
  }

  static LabAccount of(RunningLab lab, ExtensionContext context) {
    LabWorld world = lab.world();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "in the %s world, seed %d, after %.3f s",
            world.kind().code(),
            world.spec().seed(),
            world.elapsed().toNanos() / 1e9));
    lines.add("run it again with " + rerun(world, context));
    for (HostSpec host : world.spec().hosts()) {
      lines.add("  " + host.name() + " behind " + host.uplink() + addresses(world, host.name()));
    }
    for (RouterSpec router : world.spec().routers()) {
      String name = router.name();
      lines.add("  " + name + " behind " + router.uplink() + addresses(world, name));
    }
    for (Started<?> program : lab.hosts().programs()) {
      program
          .failure()
          .ifPresent(why -> lines.add("  a program on " + program.host() + " failed: " + why));
    }
    lab.trace()
        .ifPresent(
            trace -> {
              lines.add("the last " + trace.lines().size() + " things that happened to packets:");
              lines.addAll(trace.lines());
            });
    return new LabAccount(String.join("\n", lines));
  }

  /** What makes Maven run the same test in the same lab again. */
  static String rerun(LabWorld world, ExtensionContext context) {
    String test =
        context.getTestClass().map(Class::getName).orElse("*")
            + context.getTestMethod().map(method -> "#" + method.getName()).orElse("");
    return "-Dtest=" + test + " -D" + LabRequest.SEED + "=" + world.spec().seed();
  }

  private static String addresses(LabWorld world, String name) {
    StringBuilder text = new StringBuilder(",");
    world
        .addresses()
        .getOrDefault(name, List.of())
        .forEach(ip -> text.append(' ').append(IpLiterals.format(ip, false)));
    return text.toString();
  }
}
