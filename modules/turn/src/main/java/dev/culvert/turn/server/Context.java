package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.auth.CredentialStore;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** What the parts of one engine share. */
final class Context {
  final TurnServerConfig config;
  final RelayResources resources;
  final CredentialStore credentials;
  final RandomGenerator random;
  final TurnCounts counts = new TurnCounts();
  final RefusalCounts refusals = new RefusalCounts();
  final KindCounts kinds = new KindCounts();
  final Deadlines deadlines = new Deadlines();
  final Queue<Output> outputs = new ArrayDeque<>();
  final Queue<TurnEvent> events = new ArrayDeque<>();
  final Clients clients;
  final TcpPeers peers;

  /** Relayed addresses by the ids of their sockets. */
  final Map<Long, Relayed> sockets = new HashMap<>();

  final Replies replies;
  final Lifetimes lifetimes;
  final int home;
  boolean draining;
  private long nextId;
  private long allocationsMade;

  Context(
      TurnServerConfig config,
      RelayResources resources,
      CredentialStore credentials,
      ResponseGate gate,
      RandomGenerator random) {
    this.config = config;
    this.resources = resources;
    this.credentials = credentials;
    this.random = random;
    clients = new Clients(random);
    home = resources.newHome();
    peers = new TcpPeers(this);
    replies = new Replies(this, gate);
    lifetimes = new Lifetimes(config);
  }

  /** The id of the next socket that the engine asks for. */
  long newId() {
    return nextId++;
  }

  /** A name for an allocation that no other engine of the node gives. */
  long newAllocationId() {
    return ++allocationsMade << 8 | home;
  }

  /** A CONNECTION-ID that names the engine too, since another loop may hear it first. */
  long newConnectionId() {
    return (long) home << 24 | random.nextInt(1 << 24);
  }

  /** Whether the policy lets a client have anything to do with a peer (RFC 8656 §21.1.4). */
  boolean permits(TransportAddress peer) {
    return mustBeLive(peer.ip())
        ? resources.isLive(peer.ip(), peer.port())
        : resources.isOwn(peer.ip()) || config.policy().permits(peer.ip());
  }

  /** Whether only live relayed addresses of this node are permitted at an address. */
  boolean mustBeLive(InetAddress peer) {
    return resources.isOwn(peer) && !config.policy().permitsExplicitly(peer);
  }

  void send(Flow flow, Bytes payload) {
    outputs.add(new Output.Send(flow, payload));
  }
}
