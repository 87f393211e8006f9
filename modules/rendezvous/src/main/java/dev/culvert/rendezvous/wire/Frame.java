package dev.culvert.rendezvous.wire;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message between a peer and a node. Requests have an id of the peer's choice, and what answers
 * them names it as {@code re}.
 */
public sealed interface Frame {

  /** A message of a peer that wants an answer. */
  sealed interface Request extends Frame {
    /** Unique on the connection, 1 or more. */
    long id();
  }

  /** A message of a node that answers a request. */
  sealed interface Reply extends Frame {
    /** The request's id. */
    long re();
  }

  /**
   * Node to peer, at first: who it says to be, and what the peer is to sign.
   *
   * @param node its id
   * @param nonce 32 random bytes
   * @param time by the node's clock, so that a peer notices that its own is wrong
   * @param stun where the node answers STUN Binding requests over UDP, as {@code host:port}
   */
  record Hello(PeerId node, Bytes nonce, Instant time, List<String> stun) implements Frame {
    /** Copies the list. */
    public Hello {
      stun = List.copyOf(stun);
    }
  }

  /**
   * Peer to node: proof to be the owner of a key, see {@link Proof#ofPeer}.
   *
   * @param peer its id
   * @param nonce 32 random bytes, for the node to sign
   * @param url where the peer connected to, as it was told
   * @param signature over all that
   * @param resume what the node gave it when it was here before
   */
  record Auth(PeerId peer, Bytes nonce, String url, Bytes signature, Optional<Bytes> resume)
      implements Frame {}

  /**
   * Node to peer: proof to be the owner of the node's key, see {@link Proof#ofNode}, and what the
   * peer may do.
   *
   * @param signature over both nonces
   * @param observed what the peer looks like from there, over TCP; a hint and no candidate
   * @param quiet a connection without a message for longer than this is closed
   * @param allowance how much the peer may ask for
   * @param resume shown with the next proof, it lets the peer in before strangers; it proves
   *     nothing
   * @param relays credentials of short life for relays
   */
  record Welcome(
      Bytes signature,
      TransportAddress observed,
      Duration quiet,
      Allowance allowance,
      Bytes resume,
      List<RelayOffer> relays)
      implements Frame {
    /** Copies the list. */
    public Welcome {
      relays = List.copyOf(relays);
    }
  }

  /**
   * How much a peer may ask a node for; whoever asks for more is told when to try again.
   *
   * @param requests in a minute, signals not counted; as many may come at once
   * @param signals in a minute; as many may come at once
   * @param namespaces that it is discovered in
   */
  record Allowance(int requests, int signals, int namespaces) {
    /** Refuses what is not positive. */
    public Allowance {
      if (requests < 1 || signals < 1 || namespaces < 1) {
        throw new IllegalArgumentException("no allowance: 0 or less");
      }
    }
  }

  /**
   * A relay that the peer may use (RFC 8656).
   *
   * @param uri as RFC 7065 writes it
   * @param user bound to the peer's key
   * @param password for it
   * @param expiry when it is void
   */
  record RelayOffer(String uri, String user, String password, Instant expiry) {}

  /**
   * Be found.
   *
   * @param id of the request
   * @param record of the peer itself
   * @param namespaces the tokens of those that it wants to be discovered in, 32 bytes each
   */
  record Register(long id, Signed record, List<Bytes> namespaces) implements Request {
    /** Copies the list. */
    public Register {
      namespaces = List.copyOf(namespaces);
    }
  }

  /**
   * The answer: it is to be repeated in time.
   *
   * @param re of the request
   * @param validity how long it holds
   */
  record Registered(long re, Duration validity) implements Reply {}

  /**
   * Be found no longer.
   *
   * @param id of the request
   */
  record Unregister(long id) implements Request {}

  /**
   * It is done.
   *
   * @param re of the request
   */
  record Done(long re) implements Reply {}

  /**
   * Look up a peer.
   *
   * @param id of the request
   * @param peer whom
   */
  record Lookup(long id, PeerId peer) implements Request {}

  /**
   * The answer; an address is never in it.
   *
   * @param re of the request
   * @param record what the peer says of itself
   * @param online whether a signal would reach it now
   */
  record Found(long re, Signed record, boolean online) implements Reply {}

  /**
   * Look for members of a namespace.
   *
   * @param id of the request
   * @param namespace its token, known to its members alone
   * @param cookie what the last answer said, to go on from there
   * @param limit the most that are wanted, 1 to 50
   */
  record Discover(long id, Bytes namespace, Optional<String> cookie, int limit)
      implements Request {}

  /**
   * The answer.
   *
   * @param re of the request
   * @param records of members, in no order that means anything
   * @param cookie present if there are more
   */
  record Members(long re, List<Signed> records, Optional<String> cookie) implements Reply {
    /** Copies the list. */
    public Members {
      records = List.copyOf(records);
    }
  }

  /**
   * Say something to a peer.
   *
   * @param id of the request
   * @param to whom
   * @param sealed an {@link dev.culvert.identity.Envelope}
   */
  record Signal(long id, PeerId to, Bytes sealed) implements Request {}

  /**
   * It was handed to the peer's connection.
   *
   * @param re of the request
   */
  record Delivered(long re) implements Reply {}

  /**
   * It was not.
   *
   * @param re of the request
   * @param reason why
   */
  record Undeliverable(long re, Reason reason) implements Reply {}

  /** Why a signal does not reach a peer. */
  enum Reason {
    /** It is not connected to this node. */
    OFFLINE,
    /** It does not take what comes fast enough. */
    BUSY,
    /** Too much was said to it by too many. */
    QUOTA,
    /** It wants to hear nothing from this sender. */
    BLOCKED
  }

  /**
   * Node to peer: somebody said something.
   *
   * @param from who is connected with that key; the envelope's own sender is what counts
   * @param sealed an {@link dev.culvert.identity.Envelope}
   */
  record Said(PeerId from, Bytes sealed) implements Frame {}

  /**
   * Whom the peer wants to hear nothing from; replaces what was said before.
   *
   * @param id of the request
   * @param peers at most 256
   */
  record Block(long id, List<PeerId> peers) implements Request {
    /** Copies the list. */
    public Block {
      peers = List.copyOf(peers);
    }
  }

  /**
   * A sign of life, and a measurement.
   *
   * @param id of the request
   */
  record Ping(long id) implements Request {}

  /**
   * The answer.
   *
   * @param re of the request
   */
  record Pong(long re) implements Reply {}

  /**
   * Which other nodes are there?
   *
   * @param id of the request
   */
  record AskNodes(long id) implements Request {}

  /**
   * The answer.
   *
   * @param re of the request
   * @param records what nodes say of themselves
   */
  record Nodes(long re, List<Signed> records) implements Reply {
    /** Copies the list. */
    public Nodes {
      records = List.copyOf(records);
    }
  }

  /**
   * The peer serves as a node itself; others may be told so.
   *
   * @param id of the request
   * @param record a {@link dev.culvert.rendezvous.NodeRecord} of the peer itself
   */
  record Announce(long id, Signed record) implements Request {}

  /**
   * A request about a plate: a number under which two strangers meet once, see {@link OpenPlate}.
   */
  sealed interface PlateRequest extends Request {
    /** The plate's, 1 to {@value #HIGHEST_PLATE}. */
    int number();
  }

  /** The greatest number of a plate. */
  int HIGHEST_PLATE = 999_999;

  /** The most bytes of {@link Knock#data} and {@link PlateSay#data}. */
  int LONGEST_PLATE_DATA = 4096;

  /**
   * Hold a plate: whoever knocks at its number is let speak to this peer, one at a time. The node
   * passes on what they say and does not know what it means.
   *
   * @param id of the request
   * @param number free at this node
   */
  record OpenPlate(long id, int number) implements PlateRequest {}

  /**
   * The answer.
   *
   * @param re of the request
   * @param validity how long the plate stays
   */
  record Plate(long re, Duration validity) implements Reply {}

  /**
   * Speak to whoever holds a plate.
   *
   * @param id of the request
   * @param number the plate's
   * @param data what is said first, at most 4096 bytes
   */
  record Knock(long id, int number, Bytes data) implements PlateRequest {}

  /**
   * The answer: it was passed on.
   *
   * @param re of the request
   * @param visit which visit at this plate it is, 1 or more
   */
  record Knocked(long re, int visit) implements Reply {}

  /**
   * Go on speaking, as the holder of a plate or as its visitor; answered by {@link Delivered}.
   *
   * @param id of the request
   * @param number the plate's
   * @param visit as {@link Knocked} or {@link PlateSaid} told
   * @param data at most 4096 bytes
   */
  record PlateSay(long id, int number, int visit, Bytes data) implements PlateRequest {}

  /**
   * Node to peer: the other one at the plate said something.
   *
   * @param number the plate's
   * @param visit which visit
   * @param data at most 4096 bytes
   */
  record PlateSaid(int number, int visit, Bytes data) implements Frame {}

  /**
   * End a visit, as either side; answered by {@link Done}.
   *
   * @param id of the request
   * @param number the plate's
   * @param visit which; 0, as the holder, for the plate itself
   */
  record LeavePlate(long id, int number, int visit) implements PlateRequest {}

  /**
   * Node to peer: a visit is over, or the plate is gone.
   *
   * @param number the plate's
   * @param visit which; 0 if the plate is gone
   */
  record PlateLeft(int number, int visit) implements Frame {}

  /**
   * New credentials for relays, before those of the welcome expire.
   *
   * @param id of the request
   */
  record AskRelays(long id) implements Request {}

  /**
   * The answer.
   *
   * @param re of the request
   * @param relays as in {@link Welcome}
   */
  record Relays(long re, List<RelayOffer> relays) implements Reply {
    /** Copies the list. */
    public Relays {
      relays = List.copyOf(relays);
    }
  }

  /**
   * Node to peer: go elsewhere.
   *
   * @param urls where to, best first; empty for any other node
   * @param within the connection is closed after that
   * @param reason one line for people
   */
  record Redirect(List<String> urls, Duration within, String reason) implements Frame {
    /** Copies the list. */
    public Redirect {
      urls = List.copyOf(urls);
    }
  }

  /**
   * Node to peer: something was wrong.
   *
   * @param re the request; empty if it was about no request, after which the node closes
   * @param code what
   * @param reason one line for people
   * @param retryAfter when it may go well; empty if never
   */
  record Refusal(Optional<Long> re, Code code, String reason, Optional<Duration> retryAfter)
      implements Frame {}

  /** What was wrong, as HTTP would say it. */
  enum Code {
    /** It is not understood. */
    MALFORMED(400),
    /** The proof does not hold, or there is none yet. */
    UNPROVEN(401),
    /** It may not do that. */
    DENIED(403),
    /** There is no such peer. */
    UNKNOWN(404),
    /** There is a newer record. */
    STALE(409),
    /** It is too long. */
    TOO_LONG(413),
    /** That is too often. */
    TOO_OFTEN(429),
    /** The node is going away, or has no room. */
    UNAVAILABLE(503);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    /** The number on the wire. */
    public int number() {
      return number;
    }

    /** The code of a number; those of nobody's mean {@link #DENIED}. */
    public static Code of(int number) {
      for (Code code : values()) {
        if (code.number == number) {
          return code;
        }
      }
      return DENIED;
    }
  }
}
