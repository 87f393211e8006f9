package dev.culvert.sansio;

/** What became of an {@link Output}, told to the {@link Machine} that gave it. */
public sealed interface Input {

  /**
   * A UDP socket is open, or one for TCP listens.
   *
   * @param id the id of the {@link Output.Bind} or {@link Output.Listen}
   * @param local the address it has, its port never 0
   * @param ttl whether {@link Output.Send#ttl} takes effect on it
   */
  record Bound(long id, TransportAddress local, boolean ttl) implements Input {}

  /**
   * A socket could not be opened.
   *
   * @param id the id of the {@link Output.Bind} or {@link Output.Listen}
   * @param detail one line for people
   */
  record BindFailed(long id, String detail) implements Input {}

  /**
   * A connection stands, for TLS and DTLS with the server's identity proven; or, with a negative
   * id, the driver accepted one.
   */
  record Opened(Flow flow) implements Input {}

  /**
   * A connection ended or never came to be.
   *
   * @param id the id of the {@link Output.Open} or the flow
   * @param cause why
   * @param detail one line for people
   */
  record Closed(long id, CloseCause cause, String detail) implements Input {}

  /**
   * The network said that datagrams do not reach the flow's remote address; the socket stays open.
   *
   * @param flow the flow concerned
   * @param cause why; {@link CloseCause#REFUSED} for an ICMP port unreachable
   */
  record Unreachable(Flow flow, CloseCause cause) implements Input {}

  /**
   * Whether a stream takes more bytes. A machine that goes on sending while it does not will have
   * its bytes queued, up to the driver's limit; past that the connection is closed.
   */
  record Writable(long id, boolean writable) implements Input {}

  /** The answer to an {@link Output.Ask}. */
  record Answered(long id, Answer answer) implements Input {}

  /**
   * A name is answered, or a service found, from now on: the answer to an {@link Output.Publish} or
   * {@link Output.Announce}.
   */
  record Published(long id) implements Input {}

  /**
   * It is not: the other answer to an {@link Output.Publish} or {@link Output.Announce}.
   *
   * @param id the id of that output
   * @param detail one line for people
   */
  record PublishFailed(long id, String detail) implements Input {}
}
