package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.wire.Frame;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What a node does.
 *
 * @param urls under which peers may say to have come; empty for any
 * @param stun where STUN Binding requests are answered, as {@code host:port}
 * @param others what other nodes say of themselves
 * @param neighbours nodes that this one asks for others, and tells of itself; those whose id is
 *     known may announce themselves under any name
 * @param relays credentials for a peer, made for each that is welcomed
 * @param limits how much of what
 * @param quiet a connection without a message for longer is closed
 */
public record NodeConfig(
    List<String> urls,
    List<String> stun,
    List<Signed> others,
    List<KnownNode> neighbours,
    Function<PeerId, List<Frame.RelayOffer>> relays,
    NodeLimits limits,
    Duration quiet) {
  /** Often enough that NATs and proxies do not forget a connection meanwhile. */
  public static final Duration STANDARD_QUIET = Duration.ofSeconds(60);

  /** Copies the lists. */
  public NodeConfig {
    urls = List.copyOf(urls);
    stun = List.copyOf(stun);
    others = List.copyOf(others);
    neighbours = List.copyOf(neighbours);
  }

  /** A node for whoever comes, without relays. */
  public static NodeConfig standard() {
    return new NodeConfig(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        peer -> List.of(),
        NodeLimits.STANDARD,
        STANDARD_QUIET);
  }

  /** The same under these names. */
  public NodeConfig at(List<String> names) {
    return new NodeConfig(names, stun, others, neighbours, relays, limits, quiet);
  }

  /** The same that tells of STUN servers, {@code host:port} each. */
  public NodeConfig withStun(List<String> servers) {
    return new NodeConfig(urls, servers, others, neighbours, relays, limits, quiet);
  }

  /** The same that names other nodes. */
  public NodeConfig knowing(List<Signed> nodes) {
    return new NodeConfig(urls, stun, nodes, neighbours, relays, limits, quiet);
  }

  /** The same with nodes to ask. */
  public NodeConfig withNeighbours(List<KnownNode> nodes) {
    return new NodeConfig(urls, stun, others, nodes, relays, limits, quiet);
  }

  /** The same with other limits. */
  public NodeConfig withLimits(NodeLimits other) {
    return new NodeConfig(urls, stun, others, neighbours, relays, other, quiet);
  }

  /** The same with relays. */
  public NodeConfig offering(Function<PeerId, List<Frame.RelayOffer>> credentials) {
    return new NodeConfig(urls, stun, others, neighbours, credentials, limits, quiet);
  }

  /** The same that closes connections after another time without a message. */
  public NodeConfig quietFor(Duration time) {
    return new NodeConfig(urls, stun, others, neighbours, relays, limits, time);
  }
}
