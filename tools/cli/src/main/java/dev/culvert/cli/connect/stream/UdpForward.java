package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Takes datagrams at a port of this host. Those of one client address are one flow, which a stream
 * asks for and ends, and what comes of it goes back there; a client that is silent for two minutes
 * is forgotten.
 */
public final class UdpForward implements AutoCloseable {
  /** How many clients at once; datagrams of further ones are dropped. */
  static final int MOST = 64;

  private final DatagramSocket socket;
  private final Target target;
  private final StreamSource streams;
  private final FlowDatagrams datagrams;
  private final Consumer<String> complaints;
  private final Map<SocketAddress, UdpFlow> flows = new ConcurrentHashMap<>();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private UdpForward(
      DatagramSocket socket,
      Target target,
      StreamSource streams,
      FlowDatagrams datagrams,
      Consumer<String> complaints) {
    this.socket = socket;
    this.target = target;
    this.streams = streams;
    this.datagrams = datagrams;
    this.complaints = complaints;
  }

  /**
   * Begins to take them.
   *
   * @param datagrams those of the connection that the streams are of
   * @param complaints is told in one line why a client's datagrams come to nothing, at the first
   *     time, the tenth, the hundredth and so on, since each datagram is another attempt
   * @throws IOException if it cannot listen there
   */
  public static UdpForward start(
      InetSocketAddress at,
      Target target,
      StreamSource streams,
      FlowDatagrams datagrams,
      Consumer<String> complaints)
      throws IOException {
    UdpForward forward =
        new UdpForward(new DatagramSocket(at), target, streams, datagrams, complaints);
    Threads.start("culvert-forward", forward::receive);
    return forward;
  }

  /** Where it takes them. */
  public InetSocketAddress local() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** How many there was no room for. */
  public long dropped() {
    return dropped.get();
  }

  /** How often datagrams came to nothing since there was no stream for them. */
  long failed() {
    return failed.get();
  }

  /** How many clients it knows. */
  int clients() {
    return flows.size();
  }

  private void receive() {
    byte[] room = new byte[DatagramFrames.LONGEST];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(room, room.length);
      try {
        socket.receive(packet);
      } catch (IOException e) {
        // Closed, or what a client's host said of a reply, which concerns nobody else.
        continue;
      }
      SocketAddress from = packet.getSocketAddress();
      boolean known = flows.containsKey(from);
      if (!known && flows.size() >= MOST) {
        dropped.incrementAndGet();
      } else {
        UdpFlow flow = flows.computeIfAbsent(from, this::flow);
        byte[] copy = new byte[packet.getLength()];
        System.arraycopy(room, 0, copy, 0, copy.length);
        if (!flow.offer(copy)) {
          dropped.incrementAndGet();
        }
      }
    }
  }

  private UdpFlow flow(SocketAddress client) {
    UdpFlow flow =
        new UdpFlow(datagram -> socket.send(new DatagramPacket(datagram, datagram.length, client)));
    Threads.start("culvert-forward", () -> serve(client, flow));
    return flow;
  }

  private void serve(SocketAddress client, UdpFlow flow) {
    try (FlowDatagrams.Flow beside = datagrams.open(flow::arrived);
        TwoWay stream = streams.open()) {
      Message answer = new Purpose.Forward(target, Optional.of(beside.number())).ask(stream);
      flow.run(stream, Optional.of(beside).filter(its -> answer.is(Purpose.BESIDE)));
    } catch (IOException e) {
      if (!socket.isClosed()) {
        complain(failed.incrementAndGet(), String.valueOf(e.getMessage()));
      }
    } finally {
      flows.remove(client, flow);
    }
  }

  private void complain(long times, String why) {
    if (times == 1) {
      complaints.accept(target + ": " + why);
    } else if (Long.toString(times).matches("10+")) {
      complaints.accept(target + ": " + why + ", " + times + " times so far");
    }
  }

  @Override
  public void close() {
    socket.close();
    flows.values().forEach(UdpFlow::end);
  }
}
