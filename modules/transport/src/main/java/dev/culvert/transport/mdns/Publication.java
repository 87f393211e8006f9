package dev.culvert.transport.mdns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A name, and maybe a service of that host, that is answered on one link until it is closed. Safe
 * for any thread.
 */
public final class Publication implements AutoCloseable {
  private final MulticastDns owner;
  private final String name;
  private final InetAddress ip;
  private final Optional<ServiceRecords> service;
  private final List<LinkSocket> sockets = new ArrayList<>();
  private final List<LinkSocket> answering = new ArrayList<>();
  private int pending;
  private boolean told;
  private boolean ended;

  Publication(MulticastDns owner, String name, InetAddress ip, Optional<ServiceRecords> service) {
    this.owner = owner;
    this.service = service;
    this.name = name;
    this.ip = ip;
  }

  String name() {
    return name;
  }

  InetAddress ip() {
    return ip;
  }

  /** Works if it does in one family: a link may have either alone. */
  void start(List<LinkSocket> candidates, Consumer<Optional<String>> done) {
    sockets.addAll(candidates);
    pending = candidates.size();
    for (LinkSocket socket : candidates) {
      socket.whenOpen(
          fault -> {
            pending--;
            if (ended) {
              return;
            }
            Optional<String> problem = fault.or(socket::unfitToPublish);
            if (problem.isEmpty()) {
              socket.responder().add(name, ip);
              service.ifPresent(socket.services()::add);
              answering.add(socket);
            }
            if (!told && (problem.isEmpty() || pending == 0)) {
              told = true;
              done.accept(problem);
              if (problem.isPresent()) {
                owner.end(this);
              }
            }
          });
    }
    if (candidates.isEmpty()) {
      done.accept(Optional.of("the interface has no address"));
      owner.end(this);
    }
  }

  /** What it used. */
  List<LinkSocket> end() {
    ended = true;
    List<LinkSocket> used = List.copyOf(sockets);
    sockets.clear();
    for (LinkSocket socket : answering) {
      service.ifPresent(socket.services()::remove);
      socket.responder().remove(name, ip);
    }
    answering.clear();
    return used;
  }

  /** Takes the name back. Harmless when repeated. */
  @Override
  public void close() {
    owner.close(this);
  }
}
