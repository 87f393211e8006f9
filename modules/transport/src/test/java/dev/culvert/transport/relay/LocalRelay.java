package dev.culvert.transport.relay;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.StunUri;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.server.RelayService;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A relay on this host for every transport, and a runtime that trusts it. */
final class LocalRelay implements AutoCloseable {
  static final LongTermCredential USER = new LongTermCredential("alice", "wonderland");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final CertifiedKey key = key();
  final StunServer server;
  final NetworkRuntime runtime =
      NetworkRuntime.builder().trustedAuthorities(List.of(key.certificate())).build();

  LocalRelay() {
    this(TurnLimits.STANDARD);
  }

  LocalRelay(TurnLimits limits) {
    TurnServerConfig standard = TurnServerConfig.standard();
    TurnServerConfig config =
        new TurnServerConfig(
            standard.policy().allowing(IpPrefix.parse("127.0.0.0/8").orElseThrow()),
            limits,
            standard.lifetime(),
            standard.maxLifetime(),
            standard.dontFragment(),
            standard.tcpAllocations(),
            standard.alternates());
    RelayService service =
        new RelayService(
            config,
            new RelayResources(
                List.of(RelayAddress.of(ip("127.0.0.1"))), PortRange.DYNAMIC, limits, new Random()),
            new StaticUsers(
                new RelayRealm("example.org"),
                List.of(StaticUser.withPassword("alice", "wonderland"))),
            new StatelessNonces(Bytes.wrap(new byte[16]), Clock.systemUTC(), Duration.ofHours(1)));
    TransportAddress any = new TransportAddress(ip("127.0.0.1"), 0);
    try {
      server =
          StunServer.start(
              StunServerConfig.of(
                      List.of(
                          StunListener.plain(any), StunListener.tls(any), StunListener.dtls(any)),
                      Optional.of(new TlsIdentity(key.privateKey(), key.chain())))
                  .withRelay(service));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CertifiedKey key() {
    Instant now = Instant.now();
    CertificateSpec spec =
        new CertificateSpec(
            List.of(),
            List.of(ip("127.0.0.1")),
            now.minusSeconds(60),
            now.plusSeconds(3600),
            false);
    return Certificates.selfMade(Keys.generateP256(RANDOM), spec, RANDOM);
  }

  static InetAddress ip(String literal) {
    return IpLiterals.parse(literal).orElseThrow();
  }

  TurnClientConfig config(Transport transport) {
    TransportAddress address = server.addresses(transport).get(0);
    return transport.isSecure()
        ? TurnClientConfig.secure(
            address, transport, new ServerIdentity.HostName("127.0.0.1"), USER)
        : TurnClientConfig.of(address, transport, USER);
  }

  StunUri uri(Transport transport) {
    String scheme = transport.isSecure() ? "turns:" : "turn:";
    String over = transport.isStream() ? "?transport=tcp" : "?transport=udp";
    return StunUri.parse(scheme + server.addresses(transport).get(0) + over);
  }

  RelayAllocation open(Transport transport) {
    return get(RelayAllocation.open(runtime, config(transport)));
  }

  /** The operator drops everything, and clients hear nothing of it. */
  void dropAllocations() {
    dropAllocationsBut(new TransportAddress(ip("127.0.0.1"), 0));
  }

  void dropAllocationsBut(TransportAddress kept) {
    get(server.supervision().allocations(0, 100)).stream()
        .filter(one -> !one.relayed().contains(kept))
        .forEach(one -> get(server.supervision().drop(one.id())));
  }

  /** Netty's NIO channels do not send empty datagrams. */
  int shortest() {
    return runtime.transportName().equals("nio") ? 1 : 0;
  }

  static <T> T take(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came in time");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Why a future fails. */
  static Throwable failure(CompletableFuture<?> future) {
    try {
      throw new AssertionError("it is " + future.get(60, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    runtime.close();
    server.close();
  }
}
