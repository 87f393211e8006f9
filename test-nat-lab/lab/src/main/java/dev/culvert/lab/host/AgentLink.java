package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.kernel.JavaCommand;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The agent on a host, seen from the JVM that started it. Safe for use by several threads. */
final class AgentLink {
  private static final long START_SECONDS = 60;
  private static final int MOST_COMPLAINT = 4096;

  private final String host;
  private final Process process;
  private final DataOutputStream out;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, KernelSocket> sockets = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<Frame>> asked = new ConcurrentHashMap<>();
  private volatile boolean ended;

  private AgentLink(String host, Process process) {
    this.host = host;
    this.process = process;
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 17));
  }

  static AgentLink start(LabHost host) throws LabException {
    Process process;
    try {
      process = host.command(JavaCommand.ofThisLibrary(Agent.class)).start();
    } catch (IOException e) {
      throw new LabException("the agent on host " + host.name() + " did not start", e);
    }
    AgentLink link = new AgentLink(host.name(), process);
    Thread reader = new Thread(link::read, "culvert-lab-agent-" + host.name());
    reader.setDaemon(true);
    reader.start();
    return link;
  }

  /**
   * Opens a socket.
   *
   * @param local empty for all addresses of the host
   * @param addresses those that the socket then has, the first one to be shown
   */
  LabSocket open(Optional<InetAddress> local, int port, List<InetAddress> addresses)
      throws LabException {
    int id = lastId.incrementAndGet();
    CompletableFuture<Frame> answer = new CompletableFuture<>();
    KernelSocket socket = new KernelSocket(this, id);
    asked.put(id, answer);
    sockets.put(id, socket);
    Frame opened;
    try {
      tell(Frame.open(id, local.map(Frame::address).orElse(Bytes.empty()), port));
      opened = answer.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while host " + host + " opened a socket", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException("the agent on host " + host + " does not answer", e);
    } finally {
      asked.remove(id);
    }
    if (opened.kind() != Frame.Kind.OPENED) {
      sockets.remove(id);
      String wanted = local.map(InetAddress::getHostAddress).orElse("*") + ":" + port;
      throw new LabException(
          "host " + host + " cannot open UDP " + wanted + ": " + opened.payload().utf8());
    }
    socket.bound(new TransportAddress(addresses.get(0), opened.port()));
    return socket;
  }

  void send(int id, Bytes payload, TransportAddress to) throws LabException {
    tell(new Frame(Frame.Kind.SEND, id, Frame.address(to.ip()), to.port(), payload));
  }

  void closed(int id) {
    if (sockets.remove(id) != null && !ended) {
      try {
        tell(Frame.close(id));
      } catch (LabException e) {
        // Closed with the agent, then.
      }
    }
  }

  /** Ends the agent with its sockets. */
  void close() {
    end("the lab has ended");
    process.destroy();
  }

  private void tell(Frame frame) throws LabException {
    try {
      synchronized (out) {
        frame.write(out);
        out.flush();
      }
    } catch (IOException e) {
      throw new LabException("the agent on host " + host + " has ended" + complaint(), e);
    }
  }

  private void read() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 17))) {
      while (true) {
        hear(Frame.read(in));
      }
    } catch (IOException e) {
      end("the agent on host " + host + " has ended" + (ended ? "" : complaint()));
    }
  }

  private void hear(Frame frame) throws IOException {
    if (frame.kind() == Frame.Kind.ARRIVED) {
      KernelSocket socket = sockets.get(frame.socket());
      if (socket != null) {
        TransportAddress from = new TransportAddress(frame.ip(), frame.port());
        socket.arrived(new LabDatagram(frame.payload(), from));
      }
      return;
    }
    CompletableFuture<Frame> waiting = asked.get(frame.socket());
    if (waiting != null) {
      waiting.complete(frame);
    }
  }

  private void end(String why) {
    ended = true;
    asked.forEach((id, answer) -> answer.complete(Frame.failed(id, why)));
    List.copyOf(sockets.values()).forEach(KernelSocket::close);
  }

  /** What it wrote as it failed, if anything. */
  private String complaint() {
    try {
      byte[] said = process.getErrorStream().readNBytes(MOST_COMPLAINT);
      String text = new String(said, StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "" : ": " + text;
    } catch (IOException e) {
      return "";
    }
  }
}
