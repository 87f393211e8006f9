package dev.culvert.transport.mdns;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.LocalService;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Publishes names on links and asks there for the names of others, on a thread of its own.
 *
 * <p>Safe for any thread; what it is given to call is called on its own, and may not block. The
 * sockets are the JDK's everywhere, since those know how to join a group on one interface alone.
 */
public final class MulticastDns implements AutoCloseable {
  private static final int MOST_QUESTIONS = 256;
  private static final int MOST_NAMES = 4096;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("culvert-mdns", true), NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Counts counts;
  private final LinkSockets sockets;
  private final Set<Publication> publications = new HashSet<>();
  private int questions;

  /** One whose sockets open when they are needed. */
  public MulticastDns(Counts counts) {
    this.counts = counts;
    sockets = new LinkSockets(loop, counts);
  }

  /**
   * Asks on every link for the addresses of {@code name}.
   *
   * @param done is told them, or that nobody answered, after 3 s at most
   */
  public void ask(String name, Consumer<Answer> done) {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> askOnLoop(name, done));
    }
  }

  private void askOnLoop(String name, Consumer<Answer> done) {
    if (questions >= MOST_QUESTIONS) {
      done.accept(new Answer.Failed("too many names are asked for on the local network at once"));
      return;
    }
    List<NetworkInterface> cards = cards();
    if (cards.isEmpty()) {
      done.accept(
          new Answer.Failed("this machine has no local network on which to ask for " + name));
      return;
    }
    questions++;
    List<LinkSocket> used = new ArrayList<>();
    LookUp lookUp =
        new LookUp(
            name,
            loop,
            answer -> {
              questions--;
              used.forEach(sockets::release);
              done.accept(answer);
            });
    for (NetworkInterface card : cards) {
      used.addAll(sockets.on(card));
    }
    lookUp.start(used);
  }

  /**
   * Looks on every link for services.
   *
   * @param type see {@link LocalService#type}
   * @param done is told what was found, after 2 s
   */
  public void browse(String type, Consumer<Answer> done) {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> browseOnLoop(type, done));
    }
  }

  private void browseOnLoop(String type, Consumer<Answer> done) {
    List<NetworkInterface> cards = cards();
    if (questions >= MOST_QUESTIONS || !LocalService.isType(type)) {
      done.accept(new Answer.Failed("cannot look for " + type + " now"));
    } else if (cards.isEmpty()) {
      done.accept(
          new Answer.Failed("this machine has no local network on which to look for " + type));
    } else {
      questions++;
      List<LinkSocket> used = new ArrayList<>();
      Browse browse =
          new Browse(
              type,
              loop,
              answer -> {
                questions--;
                used.forEach(sockets::release);
                done.accept(answer);
              });
      cards.forEach(card -> used.addAll(sockets.on(card)));
      browse.start(used);
    }
  }

  /**
   * Lets a service at {@code ip} be found on its link until the publication is closed.
   *
   * @param done is told once: empty if it worked, else why not, in one line
   */
  public Publication announce(
      LocalService service, InetAddress ip, Consumer<Optional<String>> done) {
    ServiceRecords records = new ServiceRecords(service, ip);
    return publish(new Publication(this, service.host(), ip, Optional.of(records)), done);
  }

  /**
   * Answers for {@code name} on the link of {@code ip} until the publication is closed.
   *
   * @param done is told once: empty if it worked, else why not, in one line
   */
  public Publication publish(String name, InetAddress ip, Consumer<Optional<String>> done) {
    return publish(new Publication(this, LocalNames.canonical(name), ip, Optional.empty()), done);
  }

  private Publication publish(Publication publication, Consumer<Optional<String>> done) {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> publishOnLoop(publication, done));
    }
    return publication;
  }

  private void publishOnLoop(Publication publication, Consumer<Optional<String>> done) {
    Optional<String> fault = fault(publication);
    Optional<NetworkInterface> card =
        fault.isPresent() ? Optional.empty() : cardOf(publication.ip());
    if (card.isEmpty()) {
      done.accept(fault.or(() -> Optional.of("no interface with multicast has that address")));
      return;
    }
    publications.add(publication);
    publication.start(sockets.on(card.get()), done);
  }

  private Optional<String> fault(Publication publication) {
    if (!LocalNames.isPublishable(publication.name())) {
      return Optional.of(publication.name() + " is not a name.local");
    }
    return publications.size() >= MOST_NAMES
        ? Optional.of("this process publishes " + MOST_NAMES + " names already")
        : Optional.empty();
  }

  /** Takes it back, with a word to those who remember it. */
  void close(Publication publication) {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> end(publication));
    }
  }

  void end(Publication publication) {
    if (publications.remove(publication)) {
      publication.end().forEach(sockets::release);
    }
  }

  /** Takes everything back and ends; returns within three seconds. Not for its own thread. */
  @Override
  public void close() {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> List.copyOf(publications).forEach(this::end));
    }
    group.shutdownGracefully(0, 3, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  /** What was dropped so far. */
  public Counts counts() {
    return counts;
  }

  private static List<NetworkInterface> cards() {
    try {
      return NetworkInterface.networkInterfaces().filter(MulticastDns::hasMulticast).toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static Optional<NetworkInterface> cardOf(InetAddress ip) {
    try {
      return Optional.ofNullable(NetworkInterface.getByInetAddress(ip))
          .filter(MulticastDns::hasMulticast);
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static boolean hasMulticast(NetworkInterface card) {
    try {
      return card.isUp() && !card.isLoopback() && card.supportsMulticast();
    } catch (SocketException e) {
      return false;
    }
  }
}
