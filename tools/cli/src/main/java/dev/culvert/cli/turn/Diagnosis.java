package dev.culvert.cli.turn;

import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Says in words why a relay could not be used, and what to do next.
 *
 * @param server the address asked
 * @param transport how
 * @param user who asked
 * @param clock this machine's
 */
record Diagnosis(
    TransportAddress server, Transport transport, RelayUser user, InstantSource clock) {

  /** There is no allocation, since the client says so. */
  Trouble failed(int code, String reason, Tap tap) {
    return switch (code) {
      case 0 -> unanswered(reason, tap);
      case ErrorCode.UNAUTHENTICATED, ErrorCode.STALE_NONCE, ErrorCode.WRONG_CREDENTIALS ->
          unauthorised(code, reason, tap);
      case ErrorCode.TRY_ALTERNATE ->
          new Trouble(
              Cause.REDIRECT,
              "it sends clients to another server (300), but not in a way to be trusted: " + reason,
              "look at the relay's alternate servers: they need an address of the same IP version");
      case ErrorCode.FORBIDDEN ->
          new Trouble(
              Cause.FORBIDDEN,
              "it forbids this user or this network an allocation (403)",
              "look at the relay's log and its rules for clients");
      case ErrorCode.ALLOCATION_MISMATCH ->
          new Trouble(
              Cause.MISMATCH,
              "it has an allocation of somebody else for this address and port, and for fresh ones"
                  + " too (437)",
              "try again in ten minutes; a NAT on the way may hand out the same port again and"
                  + " again");
      case ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED ->
          new Trouble(
              Cause.NO_RELAYED_FAMILY,
              "it has no relayed addresses of this IP version (440)",
              "give the relay an address of it if peers need one");
      case ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL ->
          new Trouble(Cause.FORBIDDEN, "it does not relay UDP (442)", "allow it in its settings");
      case ErrorCode.ALLOCATION_QUOTA_REACHED ->
          new Trouble(
              Cause.QUOTA,
              "the user has as many allocations as it may have (486)",
              "wait until old ones expire, at most ten minutes, or raise the relay's quota"
                  + " (culvert node --limit-user-allocations, coturn user-quota)");
      case ErrorCode.INSUFFICIENT_CAPACITY ->
          new Trouble(
              Cause.CAPACITY,
              "it has no relay ports or no room left (508)",
              "wait, or give it more (culvert node --relay-ports and --limit-allocations, coturn"
                  + " min-port, max-port and total-quota)");
      case ErrorCode.SERVER_ERROR ->
          new Trouble(Cause.CAPACITY, "it has an error of its own (500)", "look at its log");
      default ->
          new Trouble(
              Cause.PROTOCOL, "it does not do as asked: " + Words.printable(reason), "see its log");
    };
  }

  /** There is an allocation; why it is not the one that was asked for, if it is not. */
  Optional<Trouble> gift(
      TransportAddress relayed, IpFamily family, Tap tap, Optional<String> realm) {
    if (realm.isPresent() && !realm.equals(tap.realm())) {
      return Optional.of(
          new Trouble(
              Cause.REALM,
              "its realm is "
                  + tap.realm().map(name -> "'" + Words.printable(name) + "'").orElse("not said")
                  + ", not '"
                  + realm.get()
                  + "'",
              "set it (culvert node --realm, coturn realm), or mend --realm"));
    }
    return IpFamily.of(relayed.ip()) == family
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                Cause.PROTOCOL,
                "asked for an " + family + " address it gave " + relayed,
                "see its log"));
  }

  private Trouble unauthorised(int code, String reason, Tap tap) {
    if (code == ErrorCode.STALE_NONCE) {
      return new Trouble(
          Cause.PROTOCOL,
          "it calls each of its own nonces stale (438)",
          "if several servers share this address, let them share the key of their nonces, too");
    }
    if (!reason.contains("does not accept") && code != ErrorCode.WRONG_CREDENTIALS) {
      return new Trouble(
          Cause.PROTOCOL, Words.printable(reason) + " (" + code + ")", "look at the relay's log");
    }
    String realm =
        tap.realm().map(name -> " in the realm '" + Words.printable(name) + "'").orElse("");
    String refused = "it refuses the credentials" + realm + " (" + code + ")";
    return refusedUser(refused);
  }

  private Trouble refusedUser(String refused) {
    return switch (user.kind()) {
      case TURNED_ROUND ->
          new Trouble(
              Cause.USER_NAME,
              refused + ": the user name is NAME:EXPIRY, but relays with a secret want EXPIRY:NAME",
              "turn it round and make the password of the new name; culvert turn cred does it");
      case MILLISECONDS ->
          new Trouble(
              Cause.USER_NAME,
              refused + ": the expiry in the user name is in milliseconds",
              "write it in seconds since 1970 and make the password anew; culvert turn cred does"
                  + " it");
      case TIME_LIMITED ->
          user.expiredSince(clock.instant())
              .map(since -> expired(refused, since))
              .orElseGet(() -> wrongSecret(refused));
      case NAMED ->
          new Trouble(
              Cause.CREDENTIALS,
              refused
                  + ": there is no such user, or the password is wrong; a relay does not tell"
                  + " which",
              "check both; if the relay keeps keys in place of passwords, they must be made for"
                  + " its realm; if it has a secret, use --secret-file");
    };
  }

  private Trouble expired(String refused, Duration since) {
    return new Trouble(
        Cause.EXPIRED,
        refused
            + ": they expired "
            + Words.span(since)
            + " ago by this machine's clock ("
            + user.expiry().orElseThrow()
            + ")",
        "make new ones (culvert turn cred); if they are new, the clock of their maker or of this"
            + " machine is wrong");
  }

  private Trouble wrongSecret(String refused) {
    Duration left = Duration.between(clock.instant(), user.expiry().orElseThrow());
    String what =
        user.minted()
            ? "the secret is not the relay's"
            : "the password was made with" + " another secret or for another user name";
    return new Trouble(
        Cause.CREDENTIALS,
        refused
            + ": "
            + what
            + "; or the relay's clock is more than "
            + Words.span(left)
            + " ahead of this machine's; or it has no secret but users",
        "compare the secrets (culvert node --auth-secret-file, coturn static-auth-secret), then"
            + " the clocks");
  }

  private Trouble unanswered(String reason, Tap tap) {
    if (tap.closed().isPresent()) {
      return closed(tap.closed().get().cause(), tap.closed().get().detail(), tap);
    }
    if (tap.garbage().isPresent()) {
      return garbage(tap);
    }
    if (tap.hasHeard()) {
      return new Trouble(
          Cause.PROTOCOL, "it answers, but not rightly: " + Words.printable(reason), "see its log");
    }
    return silent(tap);
  }

  private Trouble garbage(Tap tap) {
    return new Trouble(
        Cause.PROTOCOL,
        "something answers, but not a relay (" + Words.printable(tap.garbage().orElseThrow()) + ")",
        "check the port: 3478 is for turn:, 5349 for turns:");
  }

  /** Nothing came in time. */
  Trouble silent(Tap tap) {
    if (tap.knowsBinding() && !tap.hasHeard()) {
      return new Trouble(
          Cause.NO_RELAY,
          "it answers as a STUN server, but not as a relay",
          "let it relay (culvert node --relay; coturn without stun-only), or check the port");
    }
    if (tap.unreachable().isPresent() && !tap.hasHeard()) {
      return closed(tap.unreachable().get(), "", tap);
    }
    if (tap.garbage().isPresent()) {
      return garbage(tap);
    }
    if (tap.hasHeard()) {
      return new Trouble(
          Cause.NO_ANSWER,
          "it answered once, then no more",
          "try again; if it stays so, something on the way drops longer packets, or the relay"
              + " limits who fails to log in");
    }
    if (transport.isStream()) {
      return tap.isOpened()
          ? new Trouble(
              Cause.NO_ANSWER,
              "the connection stands, but nothing answers on it",
              "check that a relay listens on port " + server.port() + ", and nothing else")
          : closed(CloseCause.TIMED_OUT, "", tap);
    }
    return new Trouble(
        Cause.NO_ANSWER,
        "no answer over " + over(),
        "let firewalls and cloud rules pass UDP port " + server.port() + ", and see that it runs");
  }

  private String over() {
    return (transport.isStream() ? "TCP" : "UDP") + " port " + server.port();
  }

  private Trouble closed(CloseCause cause, String detail, Tap tap) {
    String said = detail.isEmpty() ? "" : " (" + Words.printable(detail) + ")";
    return switch (cause) {
      case REFUSED ->
          new Trouble(
              Cause.REFUSED,
              "nobody listens on " + over(),
              "check the port, and that the relay is up and listens on this address");
      case TIMED_OUT ->
          new Trouble(
              Cause.NO_ANSWER,
              "no connection to " + over() + " in time",
              "let firewalls and cloud rules pass it, and see that the relay runs");
      case UNREACHABLE ->
          tap.isOpened() || tap.hasHeard()
              ? new Trouble(Cause.UNREACHABLE, "there is no way to it" + said, "check the route")
              : new Trouble(
                  Cause.NO_FAMILY, "this host has no way to " + server.ip().getHostAddress(), "");
      case PROHIBITED ->
          new Trouble(Cause.UNREACHABLE, "a firewall forbids it" + said, "let it pass " + over());
      case FINISHED ->
          new Trouble(
              Cause.CUT,
              "it closed the connection" + (tap.hasHeard() ? "" : " without an answer"),
              tap.garbage().isPresent()
                  ? Words.printable(tap.garbage().get()) + ": write turns:"
                  : "look at its log; a port for TLS closes connections that speak none");
      case RESET ->
          new Trouble(Cause.CUT, "the connection was cut" + said, "look for a firewall on the way");
      case UNTRUSTED ->
          new Trouble(
              Cause.CERTIFICATE, "its certificate is not trusted" + said, certificateMend(detail));
      case HANDSHAKE_FAILED ->
          new Trouble(
              Cause.HANDSHAKE,
              "the " + transport + " handshake failed" + said,
              "check that the relay speaks " + transport + " on port " + server.port());
      case OVERFLOW, OTHER ->
          new Trouble(
              Cause.UNREACHABLE, detail.isEmpty() ? "it failed" : Words.printable(detail), "");
    };
  }

  private static String certificateMend(String detail) {
    if (detail.contains("expired")) {
      return "renew it";
    }
    if (detail.contains("not valid yet")) {
      return "set the clock of this machine";
    }
    if (detail.contains("pinned")) {
      return "if the relay's key was changed on purpose, take the new pin from its operator";
    }
    if (detail.contains("no trusted authority")) {
      return "name its authority with --ca, let the relay send the whole chain, or, if its owner"
          + " says that this is its key, give it to --pin";
    }
    return "get one for this name, or say with --tls-name which name it bears";
  }
}
