package dev.culvert.stun;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Finds the addresses behind a {@link StunUri} (RFC 8489 §8.1): a literal is itself; a name with a
 * port is looked up as A and AAAA; a name alone as SRV first. A part of an engine, confined to its
 * thread; it asks through outputs and never blocks.
 */
public final class ServerLookup {
  /** The most SRV records that are followed, and the most addresses handed out. */
  static final int MAX_TARGETS = 16;

  private static final int MAX_ADDRESSES = 32;

  private final StunUri uri;
  private final RandomGenerator random;
  private final LongSupplier ids;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Map<Long, Target> targetAsked = new HashMap<>();

  /** What became of each target, in the order in which the targets are to be tried. */
  private final Map<Target, List<InetAddress>> found = new LinkedHashMap<>();

  private Optional<Long> servicesAsked = Optional.empty();
  private Optional<String> trouble = Optional.empty();
  private Optional<Result> result = Optional.empty();

  /** How a look-up ended. */
  public sealed interface Result {}

  /**
   * Servers to be tried in this order, by RFC 2782; those of one host alternate between the address
   * families, as RFC 8305 §4 wants them.
   *
   * @param servers at least one
   */
  public record Found(List<Server> servers) implements Result {
    /** Copies the list. */
    public Found {
      servers = List.copyOf(servers);
    }
  }

  /**
   * There is nothing to be tried.
   *
   * @param reason one line for people
   */
  public record Failed(String reason) implements Result {}

  /**
   * One address of a server.
   *
   * @param address where it is
   * @param transport how to reach it
   * @param identity whom to expect there; present over TLS and DTLS. It is the name in the URI,
   *     never the one that the DNS led to (RFC 8489 §6.2.3).
   */
  public record Server(
      TransportAddress address, Transport transport, Optional<ServerIdentity> identity) {}

  private record Target(String host, int port) {}

  /**
   * Begins; {@link #pollOutput} tells what to ask, if anything.
   *
   * @param uri what to look up
   * @param random draws among SRV records by their weights
   * @param ids gives an id that the engine has not used for a question
   */
  public ServerLookup(StunUri uri, RandomGenerator random, LongSupplier ids) {
    this.uri = uri;
    this.random = random;
    this.ids = ids;
    Optional<InetAddress> literal = IpLiterals.parse(uri.host());
    if (literal.isPresent()) {
      found.put(target(uri.host(), fixedPort()), List.of(literal.get()));
      finish();
    } else if (uri.port().isPresent()) {
      askAddresses(List.of(target(uri.host(), fixedPort())));
    } else {
      long id = ids.getAsLong();
      servicesAsked = Optional.of(id);
      outputs.add(new Output.Ask(id, new Question.Services(serviceName(uri))));
    }
  }

  /** The name under which SRV records stand: {@code _stun._udp.example.org} and so on. */
  static String serviceName(StunUri uri) {
    String protocol = uri.transport().isStream() ? "tcp" : "udp";
    return "_" + uri.scheme().text() + "._" + protocol + "." + uri.host();
  }

  private int fixedPort() {
    return uri.port().orElse(uri.scheme().defaultPort());
  }

  private static Target target(String host, int port) {
    return new Target(host, port);
  }

  /** The next question. */
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  /** How it ended; empty while answers are missing. */
  public Optional<Result> result() {
    return result;
  }

  /**
   * Takes an answer.
   *
   * @return whether it belongs to a question of this look-up
   */
  public boolean accept(Input.Answered answered) {
    if (servicesAsked.filter(id -> id == answered.id()).isPresent()) {
      servicesAsked = Optional.empty();
      acceptServices(answered.answer());
      return true;
    }
    Target target = targetAsked.remove(answered.id());
    if (target == null) {
      return false;
    }
    if (answered.answer() instanceof Answer.Addresses addresses) {
      found.put(target, addresses.ips());
    } else if (answered.answer() instanceof Answer.Failed failed) {
      trouble =
          Optional.of("the name " + target.host() + " could not be looked up: " + failed.detail());
    }
    if (targetAsked.isEmpty()) {
      finish();
    }
    return true;
  }

  private void acceptServices(Answer answer) {
    if (!(answer instanceof Answer.Services services)) {
      // No records, or a resolver that does not know SRV: the name itself is the server.
      askAddresses(List.of(target(uri.host(), fixedPort())));
      return;
    }
    List<Answer.Service> offered =
        services.services().stream()
            .filter(service -> !service.target().equals(".") && !service.target().isEmpty())
            .filter(service -> service.port() > 0 && service.port() <= 0xffff)
            .toList();
    if (offered.isEmpty()) {
      result =
          Optional.of(
              new Failed(
                  uri.host()
                      + " says that it does not offer "
                      + uri.scheme().text()
                      + " over "
                      + uri.transport()));
      return;
    }
    askAddresses(
        ServiceOrder.of(offered, random).stream()
            .map(service -> target(service.target(), service.port()))
            .distinct()
            .limit(MAX_TARGETS)
            .toList());
  }

  private void askAddresses(List<Target> targets) {
    for (Target target : targets) {
      long id = ids.getAsLong();
      found.put(target, List.of());
      targetAsked.put(id, target);
      outputs.add(new Output.Ask(id, new Question.Addresses(target.host())));
    }
  }

  private void finish() {
    LinkedHashSet<Server> servers = new LinkedHashSet<>();
    found.forEach(
        (target, ips) ->
            alternating(ips)
                .forEach(ip -> servers.add(server(new TransportAddress(ip, target.port())))));
    result =
        Optional.of(
            servers.isEmpty()
                ? new Failed(trouble.orElse("there is no host " + uri.host()))
                : new Found(servers.stream().limit(MAX_ADDRESSES).toList()));
  }

  private Server server(TransportAddress address) {
    Optional<ServerIdentity> identity =
        uri.transport().isSecure()
            ? Optional.of(new ServerIdentity.HostName(uri.host()))
            : Optional.empty();
    return new Server(address, uri.transport(), identity);
  }

  /** The families in turn, that of the first address first. */
  private static List<InetAddress> alternating(List<InetAddress> ips) {
    if (ips.isEmpty()) {
      return ips;
    }
    boolean ipv4First = ips.get(0) instanceof Inet4Address;
    Queue<InetAddress> first = new ArrayDeque<>();
    Queue<InetAddress> second = new ArrayDeque<>();
    for (InetAddress ip : ips) {
      (ip instanceof Inet4Address == ipv4First ? first : second).add(ip);
    }
    List<InetAddress> mixed = new ArrayList<>();
    while (!first.isEmpty() || !second.isEmpty()) {
      Optional.ofNullable(first.poll()).ifPresent(mixed::add);
      Optional.ofNullable(second.poll()).ifPresent(mixed::add);
    }
    return mixed;
  }
}
