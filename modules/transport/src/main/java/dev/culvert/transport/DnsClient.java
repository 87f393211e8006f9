package dev.culvert.transport;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks name servers one question, again and elsewhere when no answer comes. Every question leaves
 * from a fresh port with a random id; answers that are cut come over TCP. Confined to its loop.
 */
final class DnsClient {

  /** What came of a question. */
  sealed interface Result<T> {
    /** There are records, at least one. */
    record Found<T>(List<T> records) implements Result<T> {}

    /** There are none, says a server. */
    record Absent<T>() implements Result<T> {}

    /** No server said anything of use. */
    record Broken<T>(String detail) implements Result<T> {}
  }

  private static final int ROUNDS = 3;
  private static final long PATIENCE_MILLIS = 800;

  /** What fits every path without fragments. */
  private static final int LARGEST_UDP_ANSWER = 1232;

  private final EventLoop loop;
  private final Platform platform;
  private final Map<SocketProtocolFamily, DnsNameResolver> resolvers =
      new EnumMap<>(SocketProtocolFamily.class);

  DnsClient(EventLoop loop, Platform platform) {
    this.loop = loop;
    this.platform = platform;
  }

  <T> void ask(
      List<InetSocketAddress> servers,
      String name,
      DnsRecordType type,
      Function<DnsResponse, List<T>> reader,
      Consumer<Result<T>> done) {
    if (servers.isEmpty()) {
      done.accept(new Result.Broken<>("no name server is configured"));
      return;
    }
    DefaultDnsQuestion question;
    try {
      question = new DefaultDnsQuestion(name + ".", type);
    } catch (IllegalArgumentException e) {
      done.accept(new Result.Broken<>(name + " is not a host name"));
      return;
    }
    new Attempt<>(servers, question, reader, done).start();
  }

  void close() {
    resolvers.values().forEach(DnsNameResolver::close);
    resolvers.clear();
  }

  private DnsNameResolver resolver(InetSocketAddress server) {
    SocketProtocolFamily family =
        server.getAddress() instanceof Inet6Address
            ? SocketProtocolFamily.INET6
            : SocketProtocolFamily.INET;
    return resolvers.computeIfAbsent(
        family,
        key ->
            new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(() -> platform.datagramChannel(family))
                .socketChannelFactory(() -> platform.socketChannel(family))
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .nameServerProvider(new SingletonDnsServerAddressStreamProvider(server))
                .queryTimeoutMillis(PATIENCE_MILLIS)
                .maxPayloadSize(LARGEST_UDP_ANSWER)
                .build());
  }

  private final class Attempt<T> {
    private final List<InetSocketAddress> servers;
    private final DefaultDnsQuestion question;
    private final Function<DnsResponse, List<T>> reader;
    private final Consumer<Result<T>> done;
    private String trouble = "no name server answered";
    private int next;

    Attempt(
        List<InetSocketAddress> servers,
        DefaultDnsQuestion question,
        Function<DnsResponse, List<T>> reader,
        Consumer<Result<T>> done) {
      this.servers = servers;
      this.question = question;
      this.reader = reader;
      this.done = done;
    }

    void start() {
      if (next == servers.size() * ROUNDS) {
        done.accept(new Result.Broken<>(trouble));
        return;
      }
      InetSocketAddress server = servers.get(next++ % servers.size());
      resolver(server)
          .query(server, question)
          .addListener(
              (Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> answered) -> {
                if (answered.isSuccess()) {
                  read(answered.getNow());
                } else {
                  start();
                }
              });
    }

    private void read(AddressedEnvelope<DnsResponse, InetSocketAddress> envelope) {
      try {
        DnsResponse response = envelope.content();
        DnsResponseCode code = response.code();
        if (code.equals(DnsResponseCode.NXDOMAIN)) {
          done.accept(new Result.Absent<>());
        } else if (code.equals(DnsResponseCode.NOERROR)) {
          List<T> records = reader.apply(response);
          done.accept(records.isEmpty() ? new Result.Absent<>() : new Result.Found<>(records));
        } else {
          refused(code);
        }
      } catch (RuntimeException e) {
        trouble = "a name server's answer was garbled";
        start();
      } finally {
        envelope.release();
      }
    }

    /** Asking the same server again at once would help nobody: the last round is over with it. */
    private void refused(DnsResponseCode code) {
      trouble = "the name server answered " + code;
      if (next >= servers.size()) {
        next = servers.size() * ROUNDS;
      }
      start();
    }
  }
}
