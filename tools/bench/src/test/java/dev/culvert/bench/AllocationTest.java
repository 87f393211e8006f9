package dev.culvert.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the benchmarks' GC profiler shows, as a promise: hot paths allocate nothing. */
class AllocationTest {
  private static final int CALLS = 50_000;

  /** The first calls load classes, so the least of some rounds counts. */
  private static final int ROUNDS = 3;

  @ParameterizedTest
  @CsvSource({
    "198.51.100.7, false",
    "198.51.100.7, true",
    "2001:db8::7, false",
    "2001:db8::7, true"
  })
  void aBindingRequestIsAnsweredWithoutAllocation(String client, boolean alternate) {
    BindingBenchmark benchmark = new BindingBenchmark();
    benchmark.client = client;
    benchmark.alternate = alternate;
    benchmark.prepare();
    assertAllocatesNothing(benchmark::respond);
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "4, 16", "65536, 4", "65536, 16"})
  void aResponseIsCountedWithoutAllocation(int sources, int addressLength) {
    RateLimitBenchmark benchmark = new RateLimitBenchmark();
    benchmark.sources = sources;
    benchmark.addressLength = addressLength;
    benchmark.prepare();
    assertAllocatesNothing(benchmark::admit);
  }

  private static void assertAllocatesNothing(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > CALLS / 100; round++) {
      long before = threads.getThreadAllocatedBytes(self);
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
    }
    assertTrue(least <= CALLS / 100, least + " bytes in " + CALLS + " calls");
  }
}
