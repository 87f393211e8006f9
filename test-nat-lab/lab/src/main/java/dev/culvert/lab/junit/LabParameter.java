package dev.culvert.lab.junit;

import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.host.WorldHosts;
import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.world.LabWorld;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What of a lab a parameter of a test can be. */
final class LabParameter {
  private static final Set<Class<?>> ADDRESSES =
      Set.of(InetAddress.class, Inet4Address.class, Inet6Address.class);

  private LabParameter() {}

  static boolean supports(ParameterContext parameter) {
    Class<?> type = parameter.getParameter().getType();
    return parameter.isAnnotated(Host.class)
        || LabWorld.class.isAssignableFrom(type)
        || type == WorldHosts.class
        || type == Scenario.class;
  }

  static Object of(ParameterContext parameter, RunningLab lab) {
    Class<?> type = parameter.getParameter().getType();
    Host host = parameter.findAnnotation(Host.class).orElse(null);
    if (host != null) {
      return ofHost(type, host.value(), lab);
    }
    if (type == WorldHosts.class) {
      return lab.hosts();
    }
    if (type == Scenario.class) {
      return lab.request()
          .scenario()
          .orElseThrow(
              () -> new ParameterResolutionException("this test's @NatLab names no scenario"));
    }
    if (!type.isInstance(lab.world())) {
      throw new ParameterResolutionException(
          "this test wants a "
              + type.getSimpleName()
              + " and runs in the "
              + lab.world().kind().code()
              + " world; say which one in its @NatLab, or take a LabWorld");
    }
    return lab.world();
  }

  private static Object ofHost(Class<?> type, String name, RunningLab lab) {
    if (type == TestHost.class) {
      try {
        return lab.hosts().host(name);
      } catch (IllegalArgumentException e) {
        throw new ParameterResolutionException(String.valueOf(e.getMessage()), e);
      }
    }
    if (!ADDRESSES.contains(type)) {
      throw new ParameterResolutionException(
          "@Host(\"" + name + "\") is a TestHost or an InetAddress, not a " + type.getSimpleName());
    }
    return lab.world().addresses().getOrDefault(name, List.of()).stream()
        .filter(type::isInstance)
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterResolutionException(
                    "the lab has no host or router '"
                        + name
                        + "' with an "
                        + type.getSimpleName()
                        + "; there are "
                        + String.join(", ", lab.world().addresses().keySet())));
  }
}
