package dev.culvert.cli.node.external;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Asks a STUN server about one local address. Blocks its thread, a few seconds at most.
 *
 * @param local the address
 * @param firstPort the lowest port that may be tried
 * @param lastPort the highest
 * @param server which is asked
 * @param random chooses ports and transaction ids
 */
public record ExternalProbe(
    InetAddress local,
    int firstPort,
    int lastPort,
    TransportAddress server,
    RandomGenerator random) {

  /** Waits after each request; three seconds in all, which a busy line needs at times. */
  private static final long[] ANSWERED_MILLIS = {250, 500, 1000, 1250};

  /** The same where silence is an answer, too. */
  private static final long[] PERHAPS_MILLIS = {300, 400, 600};

  /**
   * How the server sees it; empty: it does not answer.
   *
   * @throws IOException if no socket can be opened, or nothing sent
   */
  public Optional<ExternalAddress> address() throws IOException {
    try (ProbeSocket socket = open()) {
      return seen(socket, socket, ANSWERED_MILLIS)
          .flatMap(answer -> answer.first(XorMappedAddress.class))
          .map(mapped -> new ExternalAddress(socket.local(), mapped.address(), server));
    }
  }

  /**
   * Whether datagrams from outside reach the ports, shown by datagrams that do.
   *
   * @throws IOException if no socket can be opened, or nothing sent
   */
  public Reach reach() throws IOException {
    try (ProbeSocket known = open();
        ProbeSocket silent = open()) {
      Optional<StunMessage> answer = seen(known, known, ANSWERED_MILLIS);
      Optional<TransportAddress> mapped =
          answer
              .flatMap(message -> message.first(XorMappedAddress.class))
              .map(XorMappedAddress::address);
      if (mapped.isEmpty()) {
        return Reach.UNKNOWN;
      }
      // No answer to a request of its own gets there: nothing but an open way.
      ResponsePort elsewhere = new ResponsePort(silent.local().port());
      boolean open = succeeds(known, silent, elsewhere);
      if (open) {
        return Reach.REACHABLE;
      }
      if (mapped.get().port() != known.local().port()) {
        return Reach.PORT_NOT_PRESERVED;
      }
      if (answer.get().first(OtherAddress.class).isEmpty()) {
        return Reach.UNKNOWN;
      }
      return succeeds(known, known, new ChangeRequest(true, true))
          ? Reach.REACHABLE_AFTER_SENDING
          : Reach.FILTERED;
    }
  }

  private ProbeSocket open() throws IOException {
    return ProbeSocket.open(local, firstPort, lastPort, random);
  }

  private boolean succeeds(ProbeSocket from, ProbeSocket at, Attribute attribute)
      throws IOException {
    return seen(from, at, PERHAPS_MILLIS, attribute)
        .filter(answer -> answer.messageClass() == MessageClass.SUCCESS_RESPONSE)
        .isPresent();
  }

  private Optional<StunMessage> seen(
      ProbeSocket from, ProbeSocket at, long[] waits, Attribute... attributes) throws IOException {
    StunMessage request =
        StunMessage.request(Method.BINDING, TransactionId.random(random), attributes);
    for (long wait : waits) {
      from.send(request, server);
      Optional<StunMessage> answer = at.await(request, Duration.ofMillis(wait));
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }
}
