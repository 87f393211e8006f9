package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A UDP socket of a simulated host. */
final class SimSocket implements LabSocket {
  private static final long ID = 0;
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final SimTime time;
  private final Inbox inbox = new Inbox();
  private final Port port = new Port();
  private final Resident<Object> resident;
  private TransportAddress local;
  private boolean closed;

  private SimSocket(SimTime time, Host host, TransportAddress wanted) {
    this.time = time;
    this.local = wanted;
    port.outputs.add(new Output.Bind(ID, wanted));
    this.resident = host.run(port, event -> {});
  }

  /**
   * Opens one.
   *
   * @param first the address that stands for a wildcard
   */
  static SimSocket open(
      SimTime time, Host host, String name, TransportAddress wanted, InetAddress first)
      throws LabException {
    SimSocket socket = new SimSocket(time, host, wanted);
    time.await(() -> socket.port.answer.isPresent(), A_WHILE);
    Input answer =
        socket.port.answer.orElseThrow(
            () -> new LabException("host " + name + " does not open sockets; is it down?"));
    if (answer instanceof Input.Bound bound) {
      boolean any = bound.local().ip().isAnyLocalAddress();
      socket.local = any ? new TransportAddress(first, bound.local().port()) : bound.local();
      return socket;
    }
    socket.closed = true;
    String detail = answer instanceof Input.BindFailed failed ? failed.detail() : "it is closed";
    throw new LabException("host " + name + " cannot open UDP " + wanted + ": " + detail);
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  @Override
  public void send(Bytes payload, TransportAddress to) throws LabException {
    Payloads.check(payload);
    requireOpen();
    Output send = new Output.Send(new Flow(ID, Transport.UDP, port.bound(), to), payload);
    resident.execute(now -> port.outputs.add(send));
  }

  @Override
  public Optional<LabDatagram> receive(Duration limit) throws LabException {
    requireOpen();
    time.await(() -> closed || !inbox.isEmpty(), limit);
    requireOpen();
    return inbox.poll();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      resident.execute(now -> port.outputs.add(new Output.Close(ID)));
      time.stir();
    }
  }

  private void requireOpen() throws LabException {
    if (closed) {
      throw new LabException("the socket " + local + " is closed");
    }
  }

  /** The machine that owns the simulator's socket. */
  private final class Port implements Machine<Object> {
    private final Queue<Output> outputs = new ArrayDeque<>();
    private Optional<Input> answer = Optional.empty();

    TransportAddress bound() {
      return answer.orElse(null) instanceof Input.Bound bound ? bound.local() : local;
    }

    @Override
    public void receive(Flow from, Bytes payload, MonotonicTime now) {
      inbox.add(new LabDatagram(payload, from.remote()));
      time.stir();
    }

    @Override
    public void accept(Input input, MonotonicTime now) {
      if (input instanceof Input.Bound || input instanceof Input.BindFailed) {
        answer = Optional.of(input);
        time.stir();
      }
    }

    @Override
    public void advance(MonotonicTime now) {}

    @Override
    public Optional<MonotonicTime> nextDeadline() {
      return Optional.empty();
    }

    @Override
    public Optional<Output> pollOutput() {
      return Optional.ofNullable(outputs.poll());
    }

    @Override
    public Optional<Object> pollEvent() {
      return Optional.empty();
    }
  }
}
