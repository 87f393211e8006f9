package dev.culvert.transport.mdns;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.LocalNames;
import io.netty.util.concurrent.EventExecutor;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks for one name, twice (RFC 6762 §5.2), and collects what is answered until nothing more is to
 * be expected. Confined to its loop.
 */
final class LookUp {
  private static final int MOST_ADDRESSES = 8;
  private static final long AGAIN_MILLIS = 1000;
  private static final long PATIENCE_MILLIS = 3000;

  /** Who has several addresses says so in one message, or in two at once. */
  private static final long MORE_MILLIS = 50;

  private final String asked;
  private final String name;
  private final EventExecutor loop;
  private final Consumer<Answer> done;
  private final Set<InetAddress> found = new LinkedHashSet<>();
  private final List<Runnable> endings = new ArrayList<>();
  private Optional<String> trouble = Optional.empty();
  private int hopes;
  private boolean ended;

  LookUp(String asked, EventExecutor loop, Consumer<Answer> done) {
    this.asked = asked;
    this.name = LocalNames.canonical(asked);
    this.loop = loop;
    this.done = done;
  }

  void start(List<? extends AskingLink> sockets) {
    hopes = sockets.size();
    later(PATIENCE_MILLIS, this::end);
    for (AskingLink socket : List.copyOf(sockets)) {
      socket.whenOpen(fault -> begin(socket, fault));
    }
    if (sockets.isEmpty()) {
      end();
    }
  }

  private void begin(AskingLink socket, Optional<String> fault) {
    if (ended) {
      return;
    }
    if (fault.isPresent()) {
      trouble = fault;
      hopes--;
      if (hopes == 0) {
        end();
      }
      return;
    }
    Consumer<List<HostRecord>> listener = records -> heard(records, socket.scope());
    socket.listeners().add(listener);
    endings.add(() -> socket.listeners().remove(listener));
    socket.ask(name);
    later(
        AGAIN_MILLIS,
        () -> {
          if (!ended) {
            socket.ask(name);
          }
        });
  }

  private void heard(List<HostRecord> records, int scope) {
    boolean first = found.isEmpty();
    for (HostRecord record : records) {
      if (record.name().equals(name)
          && record.ttl() > 0
          && isAHosts(record.ip())
          && found.size() < MOST_ADDRESSES) {
        found.add(scoped(record.ip(), scope));
      }
    }
    if (first && !found.isEmpty()) {
      later(MORE_MILLIS, this::end);
    }
  }

  /** Whoever answers with these has something else in mind. */
  static boolean isAHosts(InetAddress ip) {
    return !ip.isAnyLocalAddress()
        && !ip.isLoopbackAddress()
        && !ip.isMulticastAddress()
        && !(ip instanceof Inet4Address && (ip.getAddress()[0] & 0xf0) == 0xf0);
  }

  static InetAddress scoped(InetAddress ip, int scope) {
    try {
      return ip instanceof Inet6Address && ip.isLinkLocalAddress()
          ? Inet6Address.getByAddress(null, ip.getAddress(), scope)
          : ip;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private void later(long millis, Runnable action) {
    Outcomes.ignored(loop.schedule(action, millis, TimeUnit.MILLISECONDS));
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    endings.forEach(Runnable::run);
    done.accept(answer());
  }

  private Answer answer() {
    if (!found.isEmpty()) {
      return new Answer.Addresses(
          found.stream().sorted(Comparator.comparingInt(ip -> ip.getAddress().length)).toList());
    }
    return new Answer.Failed(
        hopes == 0 && trouble.isPresent()
            ? "cannot look up " + asked + ": " + trouble.get()
            : "nobody on the local network answers for " + asked);
  }
}
