package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** A UDP socket inside a namespace, through its agent. Safe for use by several threads. */
final class KernelSocket implements LabSocket {
  private static final Duration LONGEST = Duration.ofDays(1000);

  private final AgentLink agent;
  private final int id;
  private final Inbox inbox = new Inbox();
  private volatile TransportAddress local =
      new TransportAddress(InetAddress.getLoopbackAddress(), 0);
  private volatile boolean closed;

  KernelSocket(AgentLink agent, int id) {
    this.agent = agent;
    this.id = id;
  }

  void bound(TransportAddress address) {
    local = address;
  }

  void arrived(LabDatagram datagram) {
    inbox.add(datagram);
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  @Override
  public void send(Bytes payload, TransportAddress to) throws LabException {
    Payloads.check(payload);
    requireOpen();
    agent.send(id, payload, to);
  }

  @Override
  public Optional<LabDatagram> receive(Duration limit) throws LabException {
    requireOpen();
    Duration most = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
    try {
      Optional<LabDatagram> first = inbox.take(most.toNanos(), () -> closed);
      requireOpen();
      return first;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while waiting for a datagram", e);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      agent.closed(id);
      inbox.stir();
    }
  }

  private void requireOpen() throws LabException {
    if (closed) {
      throw new LabException("the socket " + local + " is closed");
    }
  }
}
