package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.ice.Candidate;
import java.time.Duration;
import java.util.Optional;

/**
 * A candidate of this peer, and how it was found (RFC 8445 §5.1.1).
 *
 * @param candidate as the policy that hides nothing would tell it
 * @param base what it sends from
 * @param server the name of the server or relay that showed it; empty for an address of this host
 * @param took from the moment that this server was asked; zero for an address of this host
 */
public record Gathered(Candidate candidate, Base base, Optional<String> server, Duration took) {}
