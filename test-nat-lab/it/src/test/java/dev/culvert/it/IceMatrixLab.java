package dev.culvert.it;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.Profile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A lab with a host that offers and one that answers behind each profile of some trials. */
final class IceMatrixLab implements AutoCloseable {
  /** More of them would find each other's processors busy. */
  private static final int AT_ONCE = 16;

  private final Lab lab;
  private final RelayUnderTest relay;
  private final Map<String, DrivenPeer> peers = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> engines = new TreeMap<>();

  private IceMatrixLab(Lab lab, RelayUnderTest relay) {
    this.lab = lab;
    this.relay = relay;
  }

  /**
   * Starts it with all peers.
   *
   * @param shared whether hosts of one profile stand behind one carrier's NAT
   */
  static IceMatrixLab up(Collection<IceTrial> trials, boolean shared) throws Exception {
    LabSpecBuilder spec = LabSpec.builder().server("relay", 1);
    Set<String> hosts = new LinkedHashSet<>();
    for (IceTrial trial : trials) {
      for (int side = 0; side < 2; side++) {
        Profile its = trial.profiles().get(side);
        if (hosts.add(host(trial, side))) {
          spec.home(
              host(trial, side),
              shared ? its : new Profile(its.name(), its.summary(), its.routers(), false));
        }
      }
    }
    Lab lab = Lab.up(spec.build());
    IceMatrixLab all = new IceMatrixLab(lab, RelayUnderTest.on(lab.host("relay")));
    try {
      for (IceTrial trial : trials) {
        all.start(trial, 0);
        all.start(trial, 1);
      }
      all.warm();
      return all;
    } catch (Exception e) {
      all.close();
      throw e;
    }
  }

  /** On a busy machine a cold process is slower than servers are silent. */
  private void warm() throws Exception {
    for (DrivenPeer peer : peers.values()) {
      peer.awaitReady();
    }
    List<DrivenConnection> first = new ArrayList<>();
    for (Map.Entry<String, Set<String>> each : engines.entrySet()) {
      for (String engine : each.getValue()) {
        DrivenPeer peer = Objects.requireNonNull(peers.get(each.getKey()));
        first.add(peer.open("warm " + engine, "controlled", "engine", engine));
      }
    }
    for (DrivenConnection each : first) {
      each.await("end", Limits.SLOW);
      each.order("close");
    }
  }

  private void start(IceTrial trial, int side) throws Exception {
    String key = key(trial, side);
    engines.computeIfAbsent(key, fresh -> new TreeSet<>()).add(trial.engines().get(side));
    if (!peers.containsKey(key)) {
      LabHost host = lab.host(host(trial, side));
      boolean blocked = trial.isBlocked(side);
      boolean tcp = blocked && !trial.engines().get(side).equals(IceTrial.ICE4J);
      peers.put(
          key,
          DrivenPeer.on(
              host,
              "-4",
              // Where UDP is blocked nothing but the deadline ends the wait for an answer over it.
              "--deadline=" + (blocked ? "4s" : "60s"),
              "--stun=" + relay.ipv4(),
              "--turn=turn:" + relay.ipv4() + "?transport=" + (tcp ? "tcp" : "udp"),
              "--user=" + RelayUnderTest.USER + ":" + RelayUnderTest.PASSWORD));
    }
  }

  private static String host(IceTrial trial, int side) {
    return (side == 0 ? "o" : "w") + Lab.profiles().indexOf(trial.profiles().get(side));
  }

  /** Engines share a process, except where one of them can do less with a relay. */
  private static String key(IceTrial trial, int side) {
    return host(trial, side) + (trial.isBlocked(side) ? " " + trial.engines().get(side) : "");
  }

  private DrivenPeer peer(IceTrial trial, int side) {
    return Objects.requireNonNull(peers.get(key(trial, side)));
  }

  /** Lets all of them meet, many at once. */
  List<IceMeeting> run(Collection<IceTrial> trials) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Callable<IceMeeting>> tasks = new ArrayList<>();
      for (IceTrial trial : trials) {
        tasks.add(() -> IceMeeting.of(trial, peer(trial, 0), peer(trial, 1)));
      }
      List<IceMeeting> meetings = new ArrayList<>();
      for (Future<IceMeeting> future : threads.invokeAll(tasks)) {
        meetings.add(future.get());
      }
      if (!relay.alive()) {
        throw new AssertionError(relay.output());
      }
      return meetings;
    } finally {
      threads.shutdownNow();
    }
  }

  @Override
  public void close() throws LabException {
    peers.values().forEach(DrivenPeer::quit);
    peers.values().forEach(DrivenPeer::close);
    relay.close();
    lab.close();
  }
}
