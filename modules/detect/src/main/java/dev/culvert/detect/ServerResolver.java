package dev.culvert.detect;

import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ServerLookup;
import dev.culvert.stun.StunUri;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Turns the configured servers into addresses. */
final class ServerResolver {
  /** A name with many addresses must not crowd out the other servers. */
  private static final int MOST_PER_NAME = 3;

  private static final int MOST_PER_FAMILY = 8;

  private record Entry(DetectServer server, ServerLookup lookup) {
    List<TransportAddress> addresses(IpFamily family) {
      return lookup
          .result()
          .filter(ServerLookup.Found.class::isInstance)
          .map(result -> ((ServerLookup.Found) result).servers())
          .orElse(List.of())
          .stream()
          .map(ServerLookup.Server::address)
          .filter(address -> IpFamily.of(address.ip()) == family)
          .toList();
    }

    boolean isFound() {
      return lookup.result().filter(ServerLookup.Found.class::isInstance).isPresent();
    }

    Optional<String> failure() {
      return lookup
          .result()
          .filter(ServerLookup.Failed.class::isInstance)
          .map(result -> ((ServerLookup.Failed) result).reason());
    }
  }

  private final Postbox postbox;
  private final List<Entry> entries = new ArrayList<>();

  ServerResolver(List<DetectServer> servers, Postbox postbox, RandomGenerator random) {
    this.postbox = postbox;
    for (DetectServer server : servers) {
      OptionalInt port =
          server.port() == DetectServer.DEFAULT_PORT
              ? OptionalInt.empty()
              : OptionalInt.of(server.port());
      StunUri uri = new StunUri(StunUri.Scheme.STUN, server.host(), port, Transport.UDP);
      entries.add(new Entry(server, new ServerLookup(uri, random, postbox::newId)));
    }
  }

  /** Asks what there is to ask. */
  void start() {
    entries.forEach(this::ask);
  }

  private void ask(Entry entry) {
    Optional<Output> question = entry.lookup().pollOutput();
    while (question.isPresent()) {
      postbox.perform(question.get());
      question = entry.lookup().pollOutput();
    }
  }

  void accept(Input.Answered answered) {
    for (Entry entry : entries) {
      if (entry.lookup().accept(answered)) {
        ask(entry);
        return;
      }
    }
  }

  boolean isDone() {
    return entries.stream().allMatch(entry -> entry.lookup().result().isPresent());
  }

  boolean hasAny() {
    return entries.stream().anyMatch(Entry::isFound);
  }

  /** The addresses of a family, the first ones of all servers before any second one. */
  List<Target> targets(IpFamily family) {
    Map<TransportAddress, Target> targets = new LinkedHashMap<>();
    for (int round = 0; round < MOST_PER_NAME; round++) {
      for (Entry entry : entries) {
        List<TransportAddress> addresses = entry.addresses(family);
        if (round < addresses.size() && targets.size() < MOST_PER_FAMILY) {
          TransportAddress address = addresses.get(round);
          targets.putIfAbsent(address, new Target(entry.server(), address));
        }
      }
    }
    return List.copyOf(targets.values());
  }

  List<ServerReport> unresolved() {
    return entries.stream()
        .filter(entry -> !entry.isFound())
        .map(
            entry ->
                ServerJudge.unresolved(
                    entry.server(), entry.failure().orElse("its name was not looked up in time")))
        .toList();
  }
}
