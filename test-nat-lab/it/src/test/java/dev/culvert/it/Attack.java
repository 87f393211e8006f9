package dev.culvert.it;

import static dev.culvert.it.RelayUnderTest.OTHER_PASSWORD;
import static dev.culvert.it.RelayUnderTest.OTHER_USER;

import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Something that a relay must stand, done to it from a host of its lab. */
interface Attack {
  /**
   * Does it.
   *
   * @throws AssertionError if the relay does what it must not
   */
  void on(Target relay) throws Exception;

  /** A relay and the addresses beside it. */
  record Target(InetAddress ipv4, InetAddress ipv6, InetAddress allowedPeer) {
    static Target of(String... words) {
      return new Target(address(words[0]), address(words[1]), address(words[2]));
    }

    private static InetAddress address(String text) {
      return IpLiterals.parse(text).orElseThrow();
    }

    /** Where it answers over UDP and TCP. */
    InetSocketAddress plain() {
      return new InetSocketAddress(ipv4, RelayUnderTest.PORT);
    }

    /** The same of IPv6. */
    InetSocketAddress plain6() {
      return new InetSocketAddress(ipv6, RelayUnderTest.PORT);
    }

    InetSocketAddress tls() {
      return new InetSocketAddress(ipv4, RelayUnderTest.TLS_PORT);
    }

    RawTurn udp() throws IOException {
      return RawTurn.udp(plain(), OTHER_USER, OTHER_PASSWORD);
    }

    RawTurn tcp() throws IOException {
      return RawTurn.tcp(plain(), OTHER_USER, OTHER_PASSWORD);
    }

    RawTurn overTls() throws IOException {
      return RawTurn.tls(tls(), OTHER_USER, OTHER_PASSWORD);
    }

    /** A client that does nothing wrong gets everything. */
    void servesOthers() throws IOException {
      RawTurn.wellServed(plain(), RelayUnderTest.USER, RelayUnderTest.PASSWORD);
    }
  }

  /** Runs the attack that is named by its class on the target that follows; prints "stood". */
  static void main(String[] words) throws Exception {
    Attack attack =
        Class.forName(words[0]).asSubclass(Attack.class).getDeclaredConstructor().newInstance();
    Target target = Target.of(words[1], words[2], words[3]);
    target.servesOthers();
    attack.on(target);
    target.servesOthers();
    System.out.println("stood");
    System.exit(0);
  }
}
