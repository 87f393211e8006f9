package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.ScriptedMachine.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A scripted machine on a driver, with calls that wait for what the machine hears. */
final class Driven implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  final ScriptedMachine machine;
  final MachineDriver<Heard> driver;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final List<Heard> passedOver = new ArrayList<>();

  Driven(NetworkRuntime runtime) {
    this(runtime, new ScriptedMachine());
  }

  Driven(NetworkRuntime runtime, ScriptedMachine machine) {
    this.machine = machine;
    driver = runtime.drive(machine, heard::add);
  }

  /** A machine that sends back whatever it receives. */
  static Driven echo(NetworkRuntime runtime) {
    ScriptedMachine machine = new ScriptedMachine();
    machine.onReceive((flow, payload) -> machine.wants(new Output.Send(flow, payload)));
    return new Driven(runtime, machine);
  }

  void wants(Output... outputs) {
    driver.execute(
        now -> {
          for (Output output : outputs) {
            machine.wants(output);
          }
        });
  }

  Input.Bound bind(long id, TransportAddress local) {
    wants(new Output.Bind(id, local));
    return await(Input.Bound.class);
  }

  void send(Flow flow, String text) {
    wants(new Output.Send(flow, Bytes.utf8(text)));
  }

  /** The next input of this type; what comes before is kept for {@link #passedOver}. */
  <T extends Input> T await(Class<T> type) {
    while (true) {
      Heard next = next();
      if (next.input().isPresent() && type.isInstance(next.input().get())) {
        return type.cast(next.input().get());
      }
      passedOver.add(next);
    }
  }

  /** The next input of one of these types. */
  @SafeVarargs
  final Input nextOf(Class<? extends Input>... types) {
    while (true) {
      Heard next = next();
      for (Class<? extends Input> type : types) {
        if (next.input().isPresent() && type.isInstance(next.input().get())) {
          return next.input().get();
        }
      }
      passedOver.add(next);
    }
  }

  /** The next bytes. */
  Heard awaitBytes() {
    while (true) {
      Heard next = next();
      if (next.flow().isPresent()) {
        return next;
      }
      passedOver.add(next);
    }
  }

  /** The next bytes; empty if none come in time. */
  Optional<Heard> bytesWithin(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        Heard next = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null || next.flow().isPresent()) {
          return Optional.ofNullable(next);
        }
        passedOver.add(next);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** As many bytes of a stream as {@code text} has, which must be those. */
  String awaitText(int length) {
    Bytes got = Bytes.empty();
    while (got.length() < length) {
      got = got.concat(awaitBytes().payload());
    }
    return got.utf8();
  }

  Heard next() {
    try {
      Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came in time; before came " + passedOver);
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  List<Heard> passedOver() {
    return passedOver;
  }

  @Override
  public void close() {
    driver.close();
  }
}
