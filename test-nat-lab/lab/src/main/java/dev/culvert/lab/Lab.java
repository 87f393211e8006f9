package dev.culvert.lab;

import dev.culvert.lab.kernel.Holder;
import dev.culvert.lab.kernel.KernelLimits;
import dev.culvert.lab.kernel.LabStore;
import dev.culvert.lab.kernel.Layout;
import dev.culvert.lab.kernel.LiveLab;
import dev.culvert.lab.kernel.Topology;
import dev.culvert.lab.kernel.UpScript;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Profile;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hosts, routers and real kernel NATs in network namespaces that no packet leaves.
 *
 * <p>As root it needs nothing more; an ordinary user gets a user namespace around it. Any number of
 * labs run at once. Safe for use by several threads.
 */
public final class Lab implements AutoCloseable {
  private static final String PROBE = "prc";

  private final Optional<String> name;
  private final Holder holder;
  private final Map<String, List<InetAddress>> addresses;
  private final Optional<LiveLab> live;

  private Lab(Optional<String> name, Holder holder, Map<String, List<InetAddress>> addresses) {
    this.name = name;
    this.holder = holder;
    this.addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
    this.live = Optional.empty();
  }

  private Lab(LiveLab live) {
    this.name = Optional.empty();
    this.holder = live.holder();
    this.addresses = Map.of();
    this.live = Optional.of(live);
  }

  /**
   * Starts a lab that ends with {@link #close} or with this JVM, however it ends.
   *
   * @throws LabException if it cannot start, in one line with the mend
   */
  public static Lab up(LabSpec spec) throws LabException {
    Layout layout = layout(spec);
    Holder holder = Holder.start(UpScript.of(spec, layout), true);
    return new Lab(Optional.empty(), holder, layout.addresses());
  }

  /**
   * Starts a lab whose lines, addresses and places may be changed while it runs; otherwise as
   * {@link #up(LabSpec)}.
   *
   * @throws LabException if it cannot start, in one line with the mend
   */
  public static Lab changeable(LabSpec spec) throws LabException {
    KernelLimits.check(spec, true);
    return new Lab(LiveLab.up(spec));
  }

  /**
   * Starts a lab that stays until somebody ends it, to be found by other programs of this user.
   *
   * @param name 1 to 32 of a-z, 0-9 and '-'
   * @throws LabException if it cannot start or the name is taken, in one line with the mend
   */
  public static Lab up(String name, LabSpec spec) throws LabException {
    LabStore store = store(name);
    Layout layout = layout(spec);
    store.reserve(name);
    try {
      Holder holder = Holder.start(UpScript.of(spec, layout), false);
      store.save(name, new LabStore.Entry(holder, true, layout.addresses()));
      return new Lab(Optional.of(name), holder, layout.addresses());
    } catch (LabException e) {
      store.remove(name);
      throw e;
    }
  }

  /** The lab of that name, if it is up. */
  public static Optional<Lab> find(String name) throws LabException {
    return store(name)
        .find(name)
        .filter(LabStore.Entry::up)
        .map(entry -> new Lab(Optional.of(name), entry.holder(), entry.addresses()));
  }

  /** The names of this user's labs that are up, sorted. */
  public static List<String> running() throws LabException {
    return LabStore.ofUser().names();
  }

  /** Why no lab can start here, in one line with the mend; empty if one can. Takes under 1 s. */
  public static Optional<String> problem() {
    try (Lab probe = up(LabSpec.builder().home("a", PROBE).build())) {
      return probe.alive() ? Optional.empty() : Optional.of("the lab ended at once");
    } catch (LabException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Every profile that has a name. */
  public static List<Profile> profiles() {
    return Profile.all();
  }

  /** The name it was started under, if any. */
  public Optional<String> name() {
    return name;
  }

  /** Whether it is up. */
  public boolean alive() {
    return holder.alive();
  }

  /** Whether it lives in a user namespace, as an ordinary user's does. */
  public boolean userNamespace() {
    return holder.userNamespace();
  }

  /**
   * The present addresses of each host and router, the one that its name stands for first. A
   * router's are its outside ones; {@code internet} is the router that everything hangs on.
   */
  public Map<String, List<InetAddress>> addresses() {
    return live.map(LiveLab::addresses).orElse(addresses);
  }

  /**
   * What may be changed while it runs.
   *
   * @throws IllegalStateException unless it is {@link #changeable}
   */
  public LabChanges changes() {
    return new LabChanges(
        live.orElseThrow(() -> new IllegalStateException("this lab cannot change while it runs")));
  }

  /**
   * A host or router.
   *
   * @throws IllegalArgumentException if there is none of that name, in one line for people
   */
  public LabHost host(String hostName) {
    Map<String, List<InetAddress>> present = addresses();
    List<InetAddress> its = present.get(hostName);
    if (its == null) {
      throw new IllegalArgumentException(
          "there is no host '"
              + hostName
              + "' in this lab; there are "
              + String.join(", ", present.keySet()));
    }
    return new LabHost(hostName, its, holder);
  }

  /** Ends the lab with every process in it, at the latest after ten seconds. */
  public void down() throws LabException {
    if (live.isPresent()) {
      live.get().end();
    } else {
      holder.end();
    }
    if (name.isPresent()) {
      LabStore.ofUser().remove(name.get());
    }
  }

  /** The same as {@link #down}. */
  @Override
  public void close() throws LabException {
    down();
  }

  private static Layout layout(LabSpec spec) throws LabException {
    KernelLimits.check(spec, false);
    try {
      return Topology.of(spec);
    } catch (IllegalArgumentException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    }
  }

  private static LabStore store(String name) throws LabException {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
      throw new LabException("'" + name + "' cannot name a lab: 1 to 32 of a-z, 0-9 and '-'");
    }
    return LabStore.ofUser();
  }
}
