package dev.culvert.detect;

import dev.culvert.detect.Shot.Reply;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All sightings of a path, held against each other: who contradicts the possible is not heard. */
final class Sightings {
  private final List<Sighting> all = new ArrayList<>();
  private boolean rewritten;
  private boolean bothForms;

  /** Takes an answer that came from where it was asked for. */
  void add(Shot shot, Reply reply, Target target) {
    Optional<TransportAddress> hidden =
        reply.message().first(XorMappedAddress.class).map(XorMappedAddress::address);
    Optional<TransportAddress> plain =
        reply.message().first(MappedAddress.class).map(MappedAddress::address);
    if (hidden.isPresent() && plain.isPresent()) {
      bothForms = true;
      rewritten |= !hidden.equals(plain);
    }
    Optional<TransportAddress> mapped = hidden.or(() -> plain);
    Optional<TransportAddress> local = shot.socket().local();
    if (mapped.isEmpty() || local.isEmpty()) {
      target.reportsBadly("its answers lack the address that it saw");
    } else if (!isPossible(mapped.get(), shot.to())) {
      target.reportsBadly("it reports an address that nobody can have");
    } else {
      Sighting sighting =
          new Sighting(
              shot.socket().id(),
              local.get(),
              shot.to(),
              mapped.get(),
              hidden.isPresent(),
              target,
              reply.at());
      compare(sighting);
      all.add(sighting);
    }
  }

  /** Those by servers that have said the same thing twice and never anything impossible. */
  List<Sighting> credible() {
    return all.stream().filter(Sightings::isCredible).toList();
  }

  List<Sighting> credible(LocalSocket socket) {
    return all.stream().filter(one -> one.socket() == socket.id() && isCredible(one)).toList();
  }

  /** The credible address of a socket as seen by this destination. */
  Optional<TransportAddress> seen(LocalSocket socket, TransportAddress destination) {
    for (Sighting one : all) {
      if (one.socket() == socket.id() && isCredible(one) && one.destination().equals(destination)) {
        return Optional.of(one.mapped());
      }
    }
    return Optional.empty();
  }

  /** How many there are, credible or not. */
  int count() {
    return all.size();
  }

  private static boolean isCredible(Sighting one) {
    return one.target().isSteady() && !one.isSuspect();
  }

  /** Whether any answer could only be explained by a gateway that may have rewritten it. */
  boolean hasSuspects() {
    return all.stream().anyMatch(Sighting::isSuspect);
  }

  Finding<Boolean> payloadRewriting() {
    if (rewritten) {
      return Finding.known(true);
    }
    return bothForms
        ? Finding.known(false)
        : Finding.unknown("no server reports the address in both forms");
  }

  private void compare(Sighting fresh) {
    for (Sighting old : all) {
      if (old.target() != fresh.target() || !old.destination().equals(fresh.destination())) {
        continue;
      }
      boolean sameSocket = old.socket() == fresh.socket();
      boolean sameMapped = old.mapped().equals(fresh.mapped());
      if (!sameSocket && sameMapped) {
        fresh.target().reportsBadly("it reports the same address for different sockets");
      } else if (sameSocket && !sameMapped) {
        fresh.target().reportsBadly("it reports different addresses for one socket");
      } else if (sameSocket) {
        fresh.target().repeatsItself();
      }
    }
  }

  private static boolean isPossible(TransportAddress mapped, TransportAddress destination) {
    InetAddress ip = mapped.ip();
    return mapped.port() != 0
        && mapped.isIpv4() == destination.isIpv4()
        && !ip.isAnyLocalAddress()
        && !ip.isMulticastAddress()
        && ip.isLoopbackAddress() == destination.ip().isLoopbackAddress();
  }
}
