package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MachineDriverTest {
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";

  private static NetworkRuntime runtime(boolean nioOnly) {
    return NetworkRuntime.builder().nioOnly(nioOnly).build();
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void wakesAMachineAtItsDeadlineAndNotBefore(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven driven = new Driven(runtime)) {
      CompletableFuture<MonotonicTime> wanted = new CompletableFuture<>();
      driven.driver.execute(
          now -> {
            wanted.complete(now.plus(Duration.ofMillis(20)));
            driven.machine.wakeAt(wanted.join());
          });
      assertFalse(driven.next().at().isBefore(wanted.join()));
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void anEarlierDeadlineTakesThePlaceOfALaterOne(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven driven = new Driven(runtime)) {
      CompletableFuture<MonotonicTime> late = new CompletableFuture<>();
      driven.driver.execute(
          now -> {
            late.complete(now.plus(Duration.ofHours(1)));
            driven.machine.wakeAt(late.join());
          });
      driven.driver.execute(now -> driven.machine.wakeAt(now.plus(Duration.ofMillis(1))));
      assertTrue(driven.next().at().isBefore(late.join()));
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void aMachineWhoseDeadlineIsAlwaysPastStarvesNoSocket(boolean nio) {
    ScriptedMachine impatient =
        new ScriptedMachine() {
          @Override
          public Optional<MonotonicTime> nextDeadline() {
            return Optional.of(NetworkRuntime.now());
          }
        };
    impatient.onReceive(
        (flow, payload) -> impatient.wants(new dev.culvert.sansio.Output.Send(flow, payload)));
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime, impatient);
        Driven client = new Driven(runtime)) {
      TransportAddress serverAt = server.bind(0, Loopback.at("127.0.0.1")).local();
      TransportAddress clientAt = client.bind(0, Loopback.at("127.0.0.1")).local();
      client.send(new Flow(0, Transport.UDP, clientAt, serverAt), "still there?");
      assertEquals("still there?", client.awaitBytes().payload().utf8());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void whatAMachineThrowsIsCountedAndTheNextDatagramServed(boolean nio) {
    AtomicInteger calls = new AtomicInteger();
    ScriptedMachine fragile = new ScriptedMachine();
    fragile.onReceive(
        (flow, payload) -> {
          if (calls.incrementAndGet() == 1) {
            throw new IllegalStateException("thrown by the test");
          }
          fragile.wants(new dev.culvert.sansio.Output.Send(flow, payload));
        });
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime, fragile);
        Driven client = new Driven(runtime)) {
      TransportAddress serverAt = server.bind(0, Loopback.at("127.0.0.1")).local();
      TransportAddress clientAt = client.bind(0, Loopback.at("127.0.0.1")).local();
      Flow flow = new Flow(0, Transport.UDP, clientAt, serverAt);
      client.send(flow, "one");
      client.send(flow, "two");
      assertEquals("two", client.awaitBytes().payload().utf8());
      assertEquals(1, server.driver.statistics().machineFailures());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void whatAListenerThrowsIsCounted(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio)) {
      ScriptedMachine machine = new ScriptedMachine();
      CompletableFuture<Void> second = new CompletableFuture<>();
      AtomicInteger events = new AtomicInteger();
      MachineDriver<ScriptedMachine.Heard> driver =
          runtime.drive(
              machine,
              heard -> {
                if (events.incrementAndGet() == 2) {
                  second.complete(null);
                }
                throw new IllegalStateException("thrown by the test");
              });
      driver.execute(now -> machine.wakeAt(now));
      driver.execute(now -> machine.wakeAt(now.plus(Duration.ofMillis(2))));
      driver.execute(now -> machine.advance(now.plus(Duration.ofSeconds(1))));
      driver.execute(now -> machine.wakeAt(now));
      second.join();
      driver.close();
      assertTrue(driver.statistics().listenerFailures() >= 2);
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void whatSomebodyDoesWhileItIsAskedForEventsIsCarriedOutAtOnce(boolean nio) throws Exception {
    try (NetworkRuntime runtime = runtime(nio)) {
      CompletableFuture<MachineDriver<ScriptedMachine.Heard>> itself = new CompletableFuture<>();
      CompletableFuture<Input> bound = new CompletableFuture<>();
      ScriptedMachine machine =
          new ScriptedMachine() {
            @Override
            public Optional<Heard> pollEvent() {
              for (Optional<Heard> next = super.pollEvent();
                  next.isPresent();
                  next = super.pollEvent()) {
                if (next.get().input().isPresent()) {
                  bound.complete(next.get().input().get());
                } else {
                  itself.join().execute(now -> wants(new Output.Bind(0, Loopback.at("127.0.0.1"))));
                }
              }
              return Optional.empty();
            }
          };
      itself.complete(runtime.drive(machine, heard -> {}));
      itself.join().execute(now -> machine.wakeAt(now));
      assertInstanceOf(Input.Bound.class, bound.get(60, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void callsNobodyOnceItIsClosed(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio)) {
      AtomicBoolean ran = new AtomicBoolean();
      Driven driven = new Driven(runtime);
      driven.close();
      driven.close();
      driven.driver.execute(now -> ran.set(true));
      try (Driven other = new Driven(runtime)) {
        other.bind(0, Loopback.at("127.0.0.1"));
      }
      assertFalse(ran.get());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void whoComesTooLateIsTold(boolean nio) throws Exception {
    NetworkRuntime runtime = runtime(nio);
    Driven driven = new Driven(runtime);
    CompletableFuture<Void> closing = new CompletableFuture<>();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    driven.driver.execute(
        now -> {
          driven.driver.loop().execute(driven.driver::close);
          closing.complete(null);
          asked.join();
        });
    closing.get(60, TimeUnit.SECONDS);
    CompletableFuture<Boolean> whileItCloses = ask(driven);
    asked.complete(null);
    assertFalse(whileItCloses.get(60, TimeUnit.SECONDS));
    assertFalse(ask(driven).get(60, TimeUnit.SECONDS));
    runtime.close();
    assertFalse(ask(driven).get(60, TimeUnit.SECONDS));
  }

  private static CompletableFuture<Boolean> ask(Driven driven) {
    CompletableFuture<Boolean> ran = new CompletableFuture<>();
    driven.driver.execute(now -> ran.complete(true), () -> ran.complete(false));
    return ran;
  }
}
