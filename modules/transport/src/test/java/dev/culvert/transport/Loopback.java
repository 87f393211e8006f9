package dev.culvert.transport;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The loopback addresses of this machine and the transports to try over them. */
final class Loopback {
  private Loopback() {}

  static InetAddress ip(String literal) {
    return IpLiterals.parse(literal).orElseThrow();
  }

  static TransportAddress at(String literal) {
    return new TransportAddress(ip(literal), 0);
  }

  /** 127.0.0.1 always; ::1 where the machine has it. */
  static List<String> addresses() {
    List<String> addresses = new ArrayList<>(List.of("127.0.0.1"));
    try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(ip("::1"), 0))) {
      addresses.add(IpLiterals.format(probe.getLocalAddress(), false));
    } catch (IOException e) {
      // This machine has no IPv6.
    }
    return addresses;
  }

  /** Each platform of this machine: NIO always, epoll where it loads. */
  static List<Boolean> nioOnly() {
    return Platform.choose(false).name().equals("nio") ? List.of(true) : List.of(true, false);
  }

  /** Each platform with each loopback address, for parameterized tests. */
  static Stream<Arguments> everywhere() {
    return nioOnly().stream()
        .flatMap(nio -> addresses().stream().map(address -> Arguments.of(nio, address)));
  }
}
