package dev.culvert.transport.server;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells somebody this machine's addresses, now and whenever they change. */
@SuppressWarnings("FutureReturnValueIgnored") // A scan says itself what went wrong.
final class OwnAddresses {
  private static final Logger LOGGER = LoggerFactory.getLogger(OwnAddresses.class);
  private static final int RESCAN_SECONDS = 5;

  private final Consumer<Set<InetAddress>> listener;
  private Set<InetAddress> told = Set.of();

  private OwnAddresses(Consumer<Set<InetAddress>> listener) {
    this.listener = listener;
  }

  static void watch(ScheduledExecutorService executor, Consumer<Set<InetAddress>> listener) {
    OwnAddresses watched = new OwnAddresses(listener);
    watched.scan();
    executor.scheduleWithFixedDelay(
        watched::scan, RESCAN_SECONDS, RESCAN_SECONDS, TimeUnit.SECONDS);
  }

  private void scan() {
    Set<InetAddress> present = new HashSet<>();
    try {
      List<NetworkInterface> interfaces = NetworkInterface.networkInterfaces().toList();
      for (NetworkInterface each : interfaces) {
        each.getInterfaceAddresses().stream()
            .map(InterfaceAddress::getAddress)
            .forEach(present::add);
      }
    } catch (SocketException e) {
      LOGGER.warn("cannot list the local addresses: {}", e.getMessage());
      return;
    }
    if (!present.equals(told)) {
      told = present;
      listener.accept(present);
    }
  }
}
