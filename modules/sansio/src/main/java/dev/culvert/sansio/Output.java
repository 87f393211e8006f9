package dev.culvert.sansio;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What a {@link Machine} asks its driver to do. Ids are chosen by the machine, zero or positive and
 * each used once.
 */
public sealed interface Output {

  /** The hop limit that leaves the system's own in force. */
  int SYSTEM_TTL = 0;

  /**
   * Send bytes; what cannot be sent is dropped, as a network would.
   *
   * @param flow on a UDP socket any remote address may stand here
   * @param payload one datagram, or the next bytes of a stream
   * @param ttl hop limit 1 to 255, or {@link #SYSTEM_TTL}; only UDP heeds it, and only where the
   *     platform can, which {@link Input.Bound#ttl} tells
   * @param dontFragment whether routers must drop rather than fragment; UDP only, where the
   *     platform can
   */
  record Send(Flow flow, Bytes payload, int ttl, boolean dontFragment) implements Output {
    /** Sends with the system's own hop limit and fragmentation. */
    public Send(Flow flow, Bytes payload) {
      this(flow, payload, SYSTEM_TTL, false);
    }
  }

  /**
   * Open a UDP socket that talks to anybody; answered by {@link Input.Bound} or {@link
   * Input.BindFailed}.
   *
   * @param id the id of every flow on this socket
   * @param local the address; a wildcard for any, port 0 for a fresh one
   */
  record Bind(long id, TransportAddress local) implements Output {}

  /**
   * Connect; answered by {@link Input.Opened} or {@link Input.Closed}. Over UDP the socket hears
   * this one remote only, and ICMP errors about it arrive as {@link Input.Unreachable}.
   *
   * @param id the id of the flow to come
   * @param transport how
   * @param local the address to connect from; empty for the system's choice
   * @param remote the address to connect to
   * @param server who the other side must prove to be; needed by TLS and DTLS
   */
  record Open(
      long id,
      Transport transport,
      Optional<TransportAddress> local,
      TransportAddress remote,
      Optional<ServerIdentity> server)
      implements Output {}

  /**
   * Connect to a WebSocket server (RFC 6455); answered by {@link Input.Opened}, once the server has
   * accepted the subprotocol, or {@link Input.Closed}. The flow then carries whole text messages, a
   * {@link Send} each.
   *
   * @param id the id of the flow to come
   * @param remote the address to connect to
   * @param host what to ask for in the Host header, a DNS name or an IP literal without brackets;
   *     the port is that of {@code remote}
   * @param path what to ask for, beginning with {@code /}
   * @param subprotocol the one that is offered, and has to be accepted (§1.9)
   * @param server who the other side must prove to be over TLS; empty for no TLS, toward loopback
   *     alone
   */
  record OpenWebSocket(
      long id,
      TransportAddress remote,
      String host,
      String path,
      String subprotocol,
      Optional<ServerIdentity> server)
      implements Output {}

  /**
   * Take TCP connections; answered by {@link Input.Bound} or {@link Input.BindFailed}. Each that is
   * taken is told by {@link Input.Opened} with a negative id, its flow's local address being this
   * one. Connections may be opened from the same address and port meanwhile.
   *
   * @param id the id of the listening socket
   * @param local the address, no wildcard; port 0 for a fresh one
   */
  record Listen(long id, TransportAddress local) implements Output {}

  /**
   * Close a socket or a connection, established or not, or take a name back. No answer follows.
   *
   * @param id the id of the {@link Bind}, the {@link Listen}, the {@link Open}, the {@link
   *     Publish}, the {@link Announce} or the flow
   */
  record Close(long id) implements Output {}

  /**
   * Look something up; answered by {@link Input.Answered}.
   *
   * @param id names the question
   * @param question what to look up
   */
  record Ask(long id, Question question) implements Output {}

  /**
   * Answer for a name on the link of one local address, by multicast DNS (RFC 6762), until {@link
   * Close}; answered by {@link Input.Published} or {@link Input.PublishFailed}.
   *
   * @param id names the publication
   * @param name a name of which nobody else can have thought, as {@link LocalNames#fresh} makes
   *     them: whether somebody has it already is not asked
   * @param ip the local address that it stands for
   */
  record Publish(long id, String name, InetAddress ip) implements Output {}

  /**
   * Let a service be found on the link of one local address, by multicast DNS (RFC 6763), until
   * {@link Close}; answered by {@link Input.Published} or {@link Input.PublishFailed}.
   *
   * @param id names the announcement
   * @param service what is found
   * @param ip the local address where it is
   */
  record Announce(long id, LocalService service, InetAddress ip) implements Output {}
}
