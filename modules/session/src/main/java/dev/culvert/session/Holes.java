package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.LocalCandidate;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Paths that somebody else has opened for a link, each by hole punching: kept through restarts, and
 * closed with the link where they have a socket of their own.
 */
final class Holes {
  /** Of a link; whoever punches again and again must not fill the host with sockets. */
  private static final int MOST = 8;

  private final Desk desk;
  private final Map<PeerLink, List<Hole>> byLink = new HashMap<>();
  private final Set<Long> sockets = new HashSet<>();

  /**
   * One of them.
   *
   * @param local on the socket that it leads out of
   * @param remote where the peer is
   * @param shared whether the socket is one that all links use
   */
  private record Hole(LocalCandidate local, TransportAddress remote, boolean shared) {}

  Holes(Desk desk) {
    this.desk = desk;
  }

  /** Whether a socket has been taken over for a link. */
  boolean hasSocket(long id) {
    return sockets.contains(id);
  }

  /**
   * Takes one over.
   *
   * @return whether the link's agent takes it, too
   */
  boolean add(
      PeerLink link,
      Candidate candidate,
      Base base,
      TransportAddress remote,
      boolean shared,
      MonotonicTime now) {
    Hole fresh = new Hole(new LocalCandidate(candidate, base), remote, shared);
    if (!link.agent().addPair(fresh.local(), remote, now)) {
      return false;
    }
    List<Hole> all = byLink.computeIfAbsent(link, its -> new ArrayList<>());
    if (!all.contains(fresh)) {
      all.add(fresh);
    }
    if (!shared) {
      sockets.add(base.id());
    }
    if (all.size() > MOST) {
      all.stream()
          .filter(each -> !each.equals(fresh) && !isUsed(link, each))
          .findFirst()
          .ifPresent(
              oldest -> {
                all.remove(oldest);
                leave(link, oldest, all, now);
              });
    }
    return true;
  }

  private static boolean isUsed(PeerLink link, Hole hole) {
    return link.path()
        .filter(path -> path.flow().equals(hole.local().base().to(hole.remote())))
        .isPresent();
  }

  private void leave(PeerLink link, Hole gone, Collection<Hole> others, MonotonicTime now) {
    long id = gone.local().base().id();
    if (!gone.shared() && others.stream().noneMatch(its -> its.local().base().id() == id)) {
      link.agent().removeLocal(id, "newer ones were punched", now);
      close(id);
    }
  }

  private void close(long id) {
    if (sockets.remove(id)) {
      desk.put(new Output.Close(id));
    }
  }

  /** The link begins anew, and may go the same ways. */
  void again(PeerLink link, MonotonicTime now) {
    byLink
        .getOrDefault(link, List.of())
        .forEach(each -> link.agent().addPair(each.local(), each.remote(), now));
  }

  /** The link is closed. */
  void forget(PeerLink link) {
    List<Hole> all = byLink.remove(link);
    if (all != null) {
      all.forEach(each -> close(each.local().base().id()));
    }
  }

  /** This host has these addresses and no others: the rest of what was punched is of no use. */
  void use(Set<InetAddress> addresses, String reason, MonotonicTime now) {
    byLink.forEach(
        (link, all) ->
            all.removeIf(
                each -> {
                  boolean gone = !addresses.contains(each.local().base().address().ip());
                  if (gone && hasSocket(each.local().base().id())) {
                    link.agent().removeLocal(each.local().base().id(), reason, now);
                    close(each.local().base().id());
                  }
                  return gone;
                }));
  }

  /** Links that have any. */
  Collection<PeerLink> links() {
    return byLink.keySet();
  }
}
