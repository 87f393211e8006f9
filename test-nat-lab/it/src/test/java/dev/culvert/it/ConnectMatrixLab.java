package dev.culvert.it;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.Profile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A lab with a node, and behind each profile of some pairs a peer that calls and one that is
 * called. No peer is in two trials at a time: what else comes out of a NAT takes its ports.
 */
final class ConnectMatrixLab implements AutoCloseable {
  /** More of them would find each other's processors busy. */
  private static final int AT_ONCE = 6;

  private final Lab lab;
  private final ConnectNode node;
  private final Map<String, ConnectPeer> peers = new LinkedHashMap<>();
  private final Set<String> busy = new HashSet<>();

  private ConnectMatrixLab(Lab lab, ConnectNode node) {
    this.lab = lab;
    this.node = node;
  }

  /**
   * Starts it with all peers.
   *
   * @param shared whether hosts of one profile stand behind one carrier's NAT
   */
  static ConnectMatrixLab up(Collection<List<Profile>> pairs, boolean shared) throws Exception {
    LabSpecBuilder spec = LabSpec.builder().server("node", 2);
    Set<String> hosts = new LinkedHashSet<>();
    for (List<Profile> pair : pairs) {
      for (int side = 0; side < 2; side++) {
        Profile its = pair.get(side);
        if (hosts.add(host(pair, side))) {
          spec.home(
              host(pair, side),
              shared ? its : new Profile(its.name(), its.summary(), its.routers(), false));
        }
      }
    }
    Lab lab = Lab.up(spec.build());
    try {
      ConnectMatrixLab all = new ConnectMatrixLab(lab, ConnectNode.on(lab.host("node")));
      try {
        for (String host : hosts) {
          all.peers.put(host, ConnectPeer.on(lab.host(host), all.node));
        }
        for (ConnectPeer peer : all.peers.values()) {
          peer.awaitAttached();
        }
        return all;
      } catch (Exception | AssertionError e) {
        all.close();
        throw e;
      }
    } catch (Exception | AssertionError e) {
      lab.close();
      throw e;
    }
  }

  private static String host(List<Profile> pair, int side) {
    return (side == 0 ? "o" : "w") + Lab.profiles().indexOf(pair.get(side));
  }

  /** Lets all of them connect, several at once. */
  List<ConnectTrial> run(Collection<List<Profile>> pairs) throws Exception {
    List<List<Profile>> waiting = new ArrayList<>(pairs);
    List<ConnectTrial> done = new ArrayList<>();
    List<Callable<Boolean>> workers = new ArrayList<>();
    for (int i = 0; i < Math.min(AT_ONCE, pairs.size()); i++) {
      workers.add(
          () -> {
            for (Optional<List<Profile>> next = take(waiting);
                next.isPresent();
                next = take(waiting)) {
              List<Profile> pair = next.get();
              ConnectTrial trial = ConnectTrial.of(pair, peer(pair, 0), peer(pair, 1));
              give(pair);
              synchronized (done) {
                done.add(trial);
              }
            }
            return true;
          });
    }
    if (!workers.isEmpty()) {
      Together.all(workers);
    }
    if (!node.alive()) {
      throw new AssertionError(node.output());
    }
    return done;
  }

  private ConnectPeer peer(List<Profile> pair, int side) {
    return Objects.requireNonNull(peers.get(host(pair, side)));
  }

  /** The next pair of which both are free; empty once none is left. */
  private synchronized Optional<List<Profile>> take(List<List<Profile>> waiting)
      throws InterruptedException {
    while (!waiting.isEmpty()) {
      for (List<Profile> pair : waiting) {
        if (!busy.contains(host(pair, 0)) && !busy.contains(host(pair, 1))) {
          waiting.remove(pair);
          busy.add(host(pair, 0));
          busy.add(host(pair, 1));
          return Optional.of(pair);
        }
      }
      wait();
    }
    return Optional.empty();
  }

  private synchronized void give(List<Profile> pair) {
    busy.remove(host(pair, 0));
    busy.remove(host(pair, 1));
    notifyAll();
  }

  @Override
  public void close() throws LabException {
    peers.values().forEach(ConnectPeer::quit);
    peers.values().forEach(ConnectPeer::close);
    node.close();
    lab.close();
  }
}
