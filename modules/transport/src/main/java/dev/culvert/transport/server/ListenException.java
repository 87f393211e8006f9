package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;

/** A server cannot listen where it was told to. */
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why a socket could not be bound. */
  public enum Reason {
    /** Another socket has that address and port. */
    IN_USE,
    /** No interface has that address. */
    NOT_LOCAL,
    /** The port is reserved (below 1024 on most systems), or a policy forbids it. */
    NOT_PERMITTED,
    /** Something else; the message says what the system said. */
    OTHER
  }

  private final Reason reason;
  private final transient TransportAddress address;
  private final Transport transport;

  ListenException(
      Reason reason, Transport transport, TransportAddress address, String detail, Throwable why) {
    super("cannot listen on " + address + " over " + transport + ": " + detail, why);
    this.reason = reason;
    this.transport = transport;
    this.address = address;
  }

  /** One line for people: where, over what, and why not. */
  public String fault() {
    return String.valueOf(getMessage());
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** Over what. */
  public Transport transport() {
    return transport;
  }

  /** Where. */
  public TransportAddress address() {
    return address;
  }
}
