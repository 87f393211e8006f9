package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.Optional;

/**
 * A UDP socket on a host of a lab, for IPv4 and IPv6, that behaves the same in both worlds.
 *
 * <p>It keeps at most 1 MiB that nobody has received yet; what comes beyond that is lost, as in any
 * system. In the simulator used by the thread of the lab or by programs of {@link TestHost#start};
 * in the kernel's world safe for use by several threads.
 */
public interface LabSocket extends AutoCloseable {

  /** Its address; for a socket of all addresses, the host's first one. */
  TransportAddress local();

  /**
   * Sends one datagram. What cannot be sent is lost without a word, as a network would lose it.
   *
   * @param payload 0 to 65,507 bytes
   * @throws LabException if the socket is closed or the lab has ended
   */
  void send(Bytes payload, TransportAddress to) throws LabException;

  /** Sends {@code text} in UTF-8. */
  default void send(String text, TransportAddress to) throws LabException {
    send(Bytes.utf8(text), to);
  }

  /**
   * The next datagram; waits for it. In the simulator virtual time passes.
   *
   * @param limit how long to wait; empty is the answer after that
   * @throws LabException if the socket is closed or the lab has ended
   */
  Optional<LabDatagram> receive(Duration limit) throws LabException;

  /** Whether it was closed, by whomever. */
  boolean isClosed();

  /**
   * This socket as the JDK's class, for programs that know nothing of labs. Its timeout runs in the
   * time of the world; options about buffers and reuse do nothing.
   */
  default DatagramSocket asDatagramSocket() {
    return LabDatagramSocket.of(this);
  }

  /** Closes it; whoever waits for a datagram is told. */
  @Override
  void close();
}
