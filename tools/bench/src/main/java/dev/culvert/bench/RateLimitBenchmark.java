package dev.culvert.bench;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.transport.server.RateLimit;
import dev.culvert.transport.server.ResponseLimiter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One decision of the limiter, among few sources and among many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RateLimitBenchmark {
  /** How many addresses ask in turn. */
  @Param({"4", "65536"})
  public int sources = 4;

  /** The length of their addresses in bytes. */
  @Param({"4", "16"})
  public int addressLength = 4;

  private final ResponseLimiter limiter = new ResponseLimiter(RateLimit.STANDARD, new Random(1), 0);
  private InetAddress[] addresses = {};
  private byte[][] bytes = {};
  private int next;

  /** Draws the addresses. */
  @Setup
  public void prepare() {
    Random random = new Random(2);
    addresses = new InetAddress[sources];
    bytes = new byte[sources][];
    for (int i = 0; i < sources; i++) {
      byte[] address = new byte[addressLength];
      random.nextBytes(address);
      address[0] = 0x20;
      addresses[i] = IpLiterals.ofBytes(Bytes.copyOf(address));
      bytes[i] = address;
    }
  }

  /** Whether a response may go; the clock moves on by a microsecond a call. */
  @Benchmark
  public boolean admit() {
    next++;
    int source = next & (sources - 1);
    return addresses[source] instanceof Inet6Address ipv6
        ? limiter.admit(ipv6, bytes[source], 116, next * 1000L)
        : limiter.admit(addresses[source], 96, next * 1000L);
  }
}
