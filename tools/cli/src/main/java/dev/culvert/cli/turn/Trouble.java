package dev.culvert.cli.turn;

import dev.culvert.cli.ExitCode;
import java.util.Locale;

/**
 * Why a way to a relay does not work, and what to do about it.
 *
 * @param cause one of few words, for programs
 * @param what one sentence for people, without a final stop
 * @param mend what to do next, without a final stop; empty if there is nothing to be done
 */
record Trouble(Cause cause, String what, String mend) {

  /** The kinds of trouble; their words in lower case are part of the interface. */
  enum Cause {
    /** The name leads nowhere. */
    NO_HOST(ExitCode.UNREACHABLE),
    /** Nobody could say where the name leads. */
    DNS(ExitCode.NO_NETWORK),
    /** This host has no way to that version of IP, or the server no address of it. */
    NO_FAMILY(ExitCode.NO_NETWORK),
    /** Nothing came back. */
    NO_ANSWER(ExitCode.TIMEOUT),
    /** Nobody listens there. */
    REFUSED(ExitCode.UNREACHABLE),
    /** Something on the way says no. */
    UNREACHABLE(ExitCode.UNREACHABLE),
    /** The connection was cut. */
    CUT(ExitCode.UNREACHABLE),
    /** The certificate is not trusted. */
    CERTIFICATE(ExitCode.NOT_AUTHORISED),
    /** TLS or DTLS failed for another reason. */
    HANDSHAKE(ExitCode.INCONCLUSIVE),
    /** What answers is no relay, or not as the RFC wants it. */
    PROTOCOL(ExitCode.INCONCLUSIVE),
    /** It is a STUN server that does not relay. */
    NO_RELAY(ExitCode.INCONCLUSIVE),
    /** The relay has another realm than the expected one. */
    REALM(ExitCode.NOT_AUTHORISED),
    /** The name's time is over. */
    EXPIRED(ExitCode.NOT_AUTHORISED),
    /** The name is not in the form that relays with a secret want. */
    USER_NAME(ExitCode.NOT_AUTHORISED),
    /** Name or password are wrong. */
    CREDENTIALS(ExitCode.NOT_AUTHORISED),
    /** The relay forbids it. */
    FORBIDDEN(ExitCode.NOT_AUTHORISED),
    /** The relay does not relay to that peer. */
    PEER_REFUSED(ExitCode.NOT_AUTHORISED),
    /** The user has as many allocations as are allowed. */
    QUOTA(ExitCode.INCONCLUSIVE),
    /** The relay is full. */
    CAPACITY(ExitCode.INCONCLUSIVE),
    /** The relay takes this client for another one. */
    MISMATCH(ExitCode.INCONCLUSIVE),
    /** It sends the client elsewhere, in vain. */
    REDIRECT(ExitCode.INCONCLUSIVE),
    /** It has no relayed addresses of that version of IP. */
    NO_RELAYED_FAMILY(ExitCode.INCONCLUSIVE),
    /** Datagrams do not come through. */
    ECHO(ExitCode.TIMEOUT),
    /** Datagrams come through changed. */
    ALTERED(ExitCode.INCONCLUSIVE),
    /** The allocation was lost while it was used. */
    LOST(ExitCode.INCONCLUSIVE),
    /** Time was up before it was tried. */
    TIME_UP(ExitCode.TIMEOUT);

    private final ExitCode exitCode;

    Cause(ExitCode exitCode) {
      this.exitCode = exitCode;
    }

    /** What a process ends with for it. */
    ExitCode exitCode() {
      return exitCode;
    }

    /** As programs read it. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The sentence and what to do, on one line. */
  String line() {
    return mend.isEmpty() ? what : what + "; " + mend;
  }
}
