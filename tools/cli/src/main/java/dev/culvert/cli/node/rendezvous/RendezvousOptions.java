package dev.culvert.cli.node.rendezvous;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the rendezvous, apart from its limits. */
public final class RendezvousOptions {
  @Option(
      names = "--rendezvous",
      negatable = true,
      description =
          "Let peers meet here: they come to --tls-listen (WebSocket; the first bytes tell who"
              + " wants what), prove their keys, are found, and exchange sealed messages that the"
              + " node cannot read.")
  boolean rendezvous;

  @Option(
      names = "--rendezvous-url",
      paramLabel = "URL",
      description =
          "Where peers find this node, such as wss://node.example.org/; may be repeated, up to 4,"
              + " the best first. Peers that were told another name are turned away, and other"
              + " nodes are told of these (default: whatever peers were told, and nobody is).")
  List<String> urls = new ArrayList<>();

  @Option(
      names = "--rendezvous-behind-proxy",
      paramLabel = "ADDRESS:PORT",
      description =
          "Where to let peers in without TLS, for a proxy on this machine that speaks TLS with"
              + " them; a loopback address. All peers then look as if they came from one network"
              + " that has no limits.")
  @Nullable String behindProxy;

  @Option(
      names = "--rendezvous-local",
      negatable = true,
      description =
          "Let peers on the local networks of this machine find this node without knowing it, by"
              + " multicast DNS; at the addresses of --tls-listen.")
  boolean local;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description =
          "The file with the key that this node is known by; made at the first start (default:"
              + " node.key in the folder that STATE_DIRECTORY names, or in culvert of"
              + " XDG_STATE_HOME or ~/.local/state). Without --cert TLS shows it, too.")
  @Nullable Path identity;

  @Option(
      names = "--knows",
      paramLabel = "URL[~ID]",
      description =
          "Another node, with the id that it has to prove, to be told to peers; may be repeated, up"
              + " to 16. The two tell each other which further nodes they know.")
  List<String> knows = new ArrayList<>();

  @Option(
      names = "--announced-host",
      paramLabel = "HOST",
      description =
          "Name or address under which peers reach STUN and the relay of this node (default: that"
              + " of the first --rendezvous-url, or else the addresses listened on).")
  @Nullable String announcedHost;

  /** The options, none given so far. */
  public RendezvousOptions() {}

  /** Whether there is a rendezvous at all. */
  public boolean isOn() {
    return rendezvous;
  }
}
