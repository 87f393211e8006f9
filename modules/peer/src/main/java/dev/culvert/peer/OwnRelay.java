package dev.culvert.peer;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.RelayService;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.TimeLimitedCredential;
import dev.culvert.turn.auth.TimeLimitedUsers;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnServerConfig;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/**
 * The relay of a peer that serves: its credentials hold for an hour and for one key, which their
 * user names do not show, and are handed out by the peer alone.
 */
final class OwnRelay implements Function<PeerId, List<Frame.RelayOffer>> {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final int SECRET = 24;

  private final RelayAddress address;
  private final InstantSource clock;
  private final SecureRandom random;
  private final String secret;
  private volatile List<String> uris = List.of();

  OwnRelay(ServeConfig config, InstantSource clock, SecureRandom random) {
    this.address = address(config);
    this.clock = clock;
    this.random = random;
    byte[] bytes = new byte[SECRET];
    random.nextBytes(bytes);
    this.secret = HexFormat.of().formatHex(bytes);
  }

  static RelayAddress address(ServeConfig config) {
    InetAddress own = config.stun().ip();
    return new RelayAddress(own, config.outside().map(TransportAddress::ip).orElse(own));
  }

  RelayService service() {
    byte[] nonces = new byte[SECRET];
    random.nextBytes(nonces);
    TurnServerConfig config = TurnServerConfig.standard();
    return new RelayService(
        config,
        new RelayResources(List.of(address), PortRange.DYNAMIC, config.limits(), random),
        new TimeLimitedUsers(new RelayRealm("culvert"), List.of(secret), clock),
        new StatelessNonces(Bytes.wrap(nonces), clock, Duration.ofHours(1)));
  }

  /** It is there, as {@code host:port}, from now on. */
  void at(String where) {
    uris = List.of("turn:" + where + "?transport=udp", "turn:" + where + "?transport=tcp");
  }

  @Override
  public List<Frame.RelayOffer> apply(PeerId peer) {
    TimeLimitedCredential its =
        TimeLimitedCredential.forKey(secret, peer.key(), clock.instant().plus(LIFE));
    return uris.stream()
        .map(uri -> new Frame.RelayOffer(uri, its.username(), its.password(), its.expiry()))
        .toList();
  }
}
