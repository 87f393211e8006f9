package dev.culvert.cli.ice;

import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.session.SessionConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * What an {@link IcePeer} is to do.
 *
 * @param config of its session
 * @param policy which paths it uses
 * @param role the one who offers controls
 * @param patience how long the other side may take to begin, once it is known
 * @param count how many datagrams to have back
 * @param keep how long to stay after that
 */
public record PeerTask(
    SessionConfig config,
    IcePolicy policy,
    IceRole role,
    Duration patience,
    int count,
    Optional<Duration> keep) {}
