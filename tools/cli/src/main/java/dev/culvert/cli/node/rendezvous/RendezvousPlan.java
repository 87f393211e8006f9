package dev.culvert.cli.node.rendezvous;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.node.ListenAddress;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.node.NodeLimits;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the rendezvous of a node will be: every option understood, nothing opened or written yet.
 *
 * @param identity who the node is
 * @param urls where peers find it; empty: wherever they were told
 * @param behindProxy where it lets a proxy's peers in without TLS
 * @param neighbours the other nodes that its owner named
 * @param announcedHost under which peers reach STUN and relay; empty: the addresses listened on
 * @param limits how much of what
 * @param local whether it is to be found on local networks
 */
public record RendezvousPlan(
    NodeIdentity identity,
    List<NodeUrl> urls,
    Optional<TransportAddress> behindProxy,
    List<KnownNode> neighbours,
    Optional<String> announcedHost,
    NodeLimits limits,
    boolean local) {
  private static final int MOST_URLS = 4;
  private static final int MOST_NEIGHBOURS = 16;
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

  /**
   * What the options ask for.
   *
   * @param tls where STUN over TLS is answered
   * @throws Fault if they make no sense
   */
  public static RendezvousPlan of(
      RendezvousOptions options,
      RendezvousLimitOptions limits,
      List<TransportAddress> tls,
      Console console) {
    Optional<TransportAddress> behindProxy =
        Optional.ofNullable(options.behindProxy).map(RendezvousPlan::behindProxy);
    if (behindProxy.isEmpty() && tls.isEmpty()) {
      throw Fault.usage(
          "--rendezvous lets nobody in, as TLS is spoken nowhere",
          "add --tls-listen 0.0.0.0:443, or --rendezvous-behind-proxy 127.0.0.1:PORT");
    }
    List<NodeUrl> urls = options.urls.stream().map(RendezvousPlan::url).distinct().toList();
    if (urls.size() > MOST_URLS) {
      throw Fault.usage(
          "--rendezvous-url is given " + urls.size() + " times", "keep the best " + MOST_URLS);
    }
    Optional<String> host =
        Optional.ofNullable(options.announcedHost)
            .map(RendezvousPlan::host)
            .or(() -> urls.stream().findFirst().map(NodeUrl::host));
    List<KnownNode> neighbours = neighbours(options.knows);
    NodeLimits bounds = limits.limits();
    NodeIdentity identity = NodeIdentity.of(options.identity, console);
    return new RendezvousPlan(identity, urls, behindProxy, neighbours, host, bounds, options.local);
  }

  /** Who the node is. */
  public PeerId id() {
    return identity.key().id();
  }

  /** A certificate of the node's own key, for those who know its id. */
  public CertifiedKey selfMade(SecureRandom random, Instant now) {
    return PeerCertificates.selfMade(
        identity.key(), now.minus(Duration.ofHours(1)), now.plus(CERTIFICATE_LIFE), random);
  }

  private static TransportAddress behindProxy(String text) {
    TransportAddress address = ListenAddress.parse("--rendezvous-behind-proxy", text, 0);
    if (!address.ip().isLoopbackAddress()) {
      throw Fault.usage(
          "--rendezvous-behind-proxy " + text + " is no loopback address",
          "without TLS peers come through a proxy on this machine alone; name 127.0.0.1:PORT");
    }
    return address;
  }

  private static NodeUrl url(String text) {
    NodeUrl url =
        NodeUrl.parse(text.strip())
            .orElseThrow(
                () ->
                    Fault.usage(
                        "--rendezvous-url " + text + " is no URL of a node",
                        "write wss://HOST[:PORT][/PATH]"));
    if (url.toString().length() > NodeRecord.LONGEST_URL) {
      throw Fault.usage(
          "--rendezvous-url has " + url.toString().length() + " characters",
          "serve at a shorter path; " + NodeRecord.LONGEST_URL + " are the most");
    }
    return url;
  }

  private static String host(String text) {
    return NodeUrl.parse("wss://" + (text.contains(":") ? "[" + text + "]" : text) + "/")
        .filter(url -> url.path().equals("/"))
        .filter(url -> url.host().equals(text) || IpLiterals.parse(text).isPresent())
        .orElseThrow(
            () ->
                Fault.usage(
                    "--announced-host " + text + " is neither a name nor an address",
                    "write it without a port, such as node.example.org"))
        .host();
  }

  private static List<KnownNode> neighbours(List<String> texts) {
    List<KnownNode> all = new ArrayList<>();
    for (String text : texts) {
      try {
        all.add(KnownNode.parse(text, NodeSource.CONFIGURED));
      } catch (JoinTextException e) {
        throw Fault.usage("--knows " + text + ": " + e.getMessage(), "write --knows URL~ID");
      }
    }
    if (all.size() > MOST_NEIGHBOURS) {
      throw Fault.usage(
          "--knows is given " + all.size() + " times",
          "name " + MOST_NEIGHBOURS + " at most; nodes tell each other of further ones");
    }
    return List.copyOf(all);
  }
}
