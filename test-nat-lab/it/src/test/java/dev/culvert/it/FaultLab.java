package dev.culvert.it;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.KernelWorld;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A lab that changes, with relays and driven peers. Changes are made one at a time. */
final class FaultLab implements AutoCloseable {
  private final KernelWorld world;
  private final Map<String, RelayUnderTest> relays = new TreeMap<>();
  private final List<DrivenPeer> peers = new ArrayList<>();

  /** What is done to the lab. */
  @FunctionalInterface
  interface Change {
    void make(KernelWorld world) throws LabException;
  }

  /** Two that are connected, and talk. */
  record Pair(DrivenConnection one, DrivenConnection other, Chat chat) implements AutoCloseable {
    List<DrivenConnection> both() {
      return List.of(one, other);
    }

    /** Where data goes from the first one. */
    DrivenEvent path() {
      return one.last("path").orElseThrow();
    }

    @Override
    public void close() {
      chat.close();
    }
  }

  private FaultLab(KernelWorld world) {
    this.world = world;
  }

  /** Starts it with a relay on each of the servers. */
  static FaultLab up(LabSpec spec, String... relays) throws Exception {
    FaultLab lab = new FaultLab(KernelWorld.up(spec));
    for (String relay : relays) {
      lab.relays.put(relay, RelayUnderTest.on(lab.host(relay)));
    }
    return lab;
  }

  synchronized void change(Change change) throws LabException {
    change.make(world);
  }

  synchronized LabHost host(String name) {
    return world.lab().host(name);
  }

  String ip(String relay) {
    return Objects.requireNonNull(relays.get(relay)).ipv4();
  }

  /** Connects two hosts that may use these relays, and lets them talk. */
  Pair connect(String one, String other, String... relays) throws Exception {
    List<String> options = new ArrayList<>(List.of("-4", "--deadline=30s"));
    for (String relay : relays) {
      options.add("--stun=" + ip(relay));
      options.add("--turn=turn:" + ip(relay));
    }
    options.add("--user=" + RelayUnderTest.USER + ":" + RelayUnderTest.PASSWORD);
    DrivenConnection a = start(one, options).open(one, "controlling");
    DrivenConnection b = start(other, options).open(other, "controlled");
    Signalling.between(a, b);
    for (DrivenConnection each : List.of(a, b)) {
      each.await(
          0,
          "completion",
          Limits.SLOW,
          its -> its.name().equals("state") && its.field("state").equals("completed"));
    }
    return new Pair(a, b, Chat.between(a, b));
  }

  private DrivenPeer start(String host, List<String> options) throws IOException {
    DrivenPeer peer = DrivenPeer.on(host(host), options);
    synchronized (this) {
      peers.add(peer);
    }
    return peer;
  }

  @Override
  public synchronized void close() throws LabException {
    peers.forEach(DrivenPeer::quit);
    peers.forEach(DrivenPeer::close);
    relays.values().forEach(RelayUnderTest::close);
    world.close();
  }
}
