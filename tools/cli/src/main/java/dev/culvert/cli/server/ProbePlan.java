package dev.culvert.cli.server;

import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What to ask a server.
 *
 * @param server whom
 * @param identity who it must prove to be over TLS and DTLS
 * @param transports how, in this order, at least one
 * @param families over which versions of IP, at least one
 * @param rfc5780 whether to find out about its second address
 * @param deadline how long all of it may take
 */
public record ProbePlan(
    ServerArgument server,
    ServerIdentity identity,
    List<Transport> transports,
    Set<IpFamily> families,
    boolean rfc5780,
    Duration deadline) {

  /** Copies the collections. */
  public ProbePlan {
    transports = List.copyOf(transports);
    families = Set.copyOf(families);
  }
}
