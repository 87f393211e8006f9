package dev.culvert.bench;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingReply;
import dev.culvert.stun.BindingResponder;
import dev.culvert.stun.BindingService;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import java.net.InetAddress;
import java.nio.ByteBuffer;
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

/** One plain Binding request answered, without sockets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BindingBenchmark {
  /** The client's address; the server has one of the same IP version. */
  @Param({"198.51.100.7", "2001:db8::7"})
  public String client = "198.51.100.7";

  /** Whether the server has the four sockets of RFC 5780. */
  @Param({"false", "true"})
  public boolean alternate;

  private final BindingReply reply = new BindingReply();
  private final ByteBuffer response = ByteBuffer.allocate(2048);
  private ByteBuffer request = ByteBuffer.allocate(0);
  private byte[] ip = {127, 0, 0, 1};
  private BindingResponder responder =
      new BindingResponder(BindingService.single(new TransportAddress(ip("127.0.0.1"), 3478)));

  /** Makes the request and what answers it. */
  @Setup
  public void prepare() {
    StunMessage message = StunMessage.request(Method.BINDING, new TransactionId(1, 2));
    request = ByteBuffer.wrap(StunCodec.encode(message).toByteArray());
    ip = ip(client).getAddress();
    boolean ipv4 = ip.length == 4;
    TransportAddress asked = new TransportAddress(ip(ipv4 ? "192.0.2.1" : "2001:db8::1"), 3478);
    TransportAddress other = new TransportAddress(ip(ipv4 ? "192.0.2.2" : "2001:db8::2"), 3479);
    responder =
        new BindingResponder(
            alternate ? BindingService.alternating(asked, other) : BindingService.single(asked));
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  /** The bytes of the response. */
  @Benchmark
  public int respond() {
    responder.respond(request, ip, 40_000, response.clear(), reply);
    return response.position();
  }
}
