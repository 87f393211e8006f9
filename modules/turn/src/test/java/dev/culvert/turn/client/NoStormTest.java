package dev.culvert.turn.client;

import static dev.culvert.turn.client.VirtualClient.PEER;
import static dev.culvert.turn.client.VirtualClient.at;
import static dev.culvert.turn.client.VirtualClient.udp;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.Method;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a relay refuses, and however often: requests stay few over hours. */
class NoStormTest {
  private static final int[] CODES = {300, 400, 401, 403, 437, 438, 441, 486, 500, 508, 699};

  /** Signs of life in an hour: one in 15 s. */
  private static final long ALIVE = 240;

  static Stream<Arguments> everyRefusal() {
    return Stream.of(
            Method.ALLOCATE,
            Method.REFRESH,
            Method.CHANNEL_BIND,
            Method.CREATE_PERMISSION,
            Method.BINDING)
        .flatMap(method -> IntStream.of(CODES).mapToObj(code -> Arguments.of(method, code)));
  }

  /** An application that sends all the time and asks again for what it was refused. */
  private static void insist(VirtualClient one, Duration time) {
    for (long second = 0; second < time.toSeconds(); second += 5) {
      one.seat.execute(
          now -> {
            for (int i = 0; i < 2; i++) {
              one.client.send(PEER, Bytes.utf8("please"), now);
              one.client.permit(at("198.51.100.9", 9), now);
            }
          });
      one.world.run(Duration.ofSeconds(5));
    }
  }

  @ParameterizedTest
  @MethodSource("everyRefusal")
  void anHourOfRefusals(Method method, int code) {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.relay.always.put(method, code);
    insist(one, Duration.ofHours(1));
    String what = one.requests() + " requests: " + one.events;
    // For each of two peers about 20 refusals, each after 4 or 6 challenges where it is one.
    assertTrue(one.requests() < 2 * ALIVE + 300, what);
    assertTrue(one.heard(Method.ALLOCATE) <= 60, what);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 437, 438, 441, 442, 486, 500, 508})
  void anHourWithoutAnotherAllocation(int code) {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.relay.always.put(Method.ALLOCATE, code);
    one.restartTheRelay();
    insist(one, Duration.ofHours(1));
    // After 437 each attempt tries four ports, and is challenged at each (RFC 8656 §7.4).
    int most = code == 437 ? 140 : 80;
    assertTrue(one.heard(Method.ALLOCATE) <= most, one.heard(Method.ALLOCATE) + " times");
  }

  @Test
  void aNonceThatIsNeverGoodEnoughIsNotChasedForEver() {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    for (int i = 0; i < 720; i++) {
      one.relay.nonceAge++;
      insist(one, Duration.ofSeconds(5));
    }
    assertTrue(one.requests() < 4 * ALIVE + 300, one.requests() + " requests");
  }
}
