package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.secure.Engines;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TlsDriverTest {
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";
  private static final String NAME = "node.example";

  private static NetworkRuntime runtime(boolean nioOnly) {
    return NetworkRuntime.builder()
        .nioOnly(nioOnly)
        .trustedAuthorities(List.of(Certified.AUTHORITY.certificate()))
        .build();
  }

  private static Output.Open tls(TransportAddress remote, ServerIdentity expected) {
    return new Output.Open(1, Transport.TLS, Optional.empty(), remote, Optional.of(expected));
  }

  private static ServerIdentity name(String name) {
    return new ServerIdentity.HostName(name);
  }

  private static ServerIdentity pin(CertifiedKey key) {
    return new ServerIdentity.PinnedKey(key.pin().sha256());
  }

  private static CertifiedKey good() {
    return Certified.issued(Certified.AUTHORITY, Certified.spec(List.of(NAME), List.of()));
  }

  private static void assertEchoes(boolean nio, CertifiedKey key, ServerIdentity expected) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen = Listen.tls(Loopback.at("127.0.0.1"), Certified.server(key));
      client.wants(tls(server.driver.listen(listen).join().local(), expected));
      Flow flow = client.await(Input.Opened.class).flow();
      assertEquals(Transport.TLS, flow.transport());
      client.send(flow, "in confidence");
      assertEquals("in confidence", client.awaitText(13));
      assertEquals(Transport.TLS, server.await(Input.Opened.class).flow().transport());
      client.wants(new Output.Close(1));
      assertEquals(CloseCause.FINISHED, server.await(Input.Closed.class).cause());
    }
  }

  /** Fails unless the client refuses to talk; returns its words. */
  private static String refusal(boolean nio, CertifiedKey key, ServerIdentity expected) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen = Listen.tls(Loopback.at("127.0.0.1"), Certified.server(key));
      client.wants(tls(server.driver.listen(listen).join().local(), expected));
      Input outcome = client.nextOf(Input.Opened.class, Input.Closed.class);
      assertTrue(outcome instanceof Input.Closed, "the client trusts: " + outcome);
      Input.Closed closed = (Input.Closed) outcome;
      assertEquals(CloseCause.UNTRUSTED, closed.cause(), closed.detail());
      return closed.detail();
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void talksToTheRightName(boolean nio) {
    assertEchoes(nio, good(), name(NAME));
    assertEchoes(nio, good(), name("NODE.example."));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void talksToTheRightAddress(boolean nio) {
    CertificateSpec spec = Certified.spec(List.of(), List.of(Loopback.ip("127.0.0.1")));
    assertEchoes(nio, Certified.issued(Certified.AUTHORITY, spec), name("127.0.0.1"));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void talksToAPinnedKeyOfEitherKind(boolean nio) {
    for (KeyPair pair :
        List.of(Keys.generateP256(Certified.RANDOM), Keys.generateEd25519(Certified.RANDOM))) {
      CertifiedKey key = Certified.selfMade(pair);
      assertEchoes(nio, key, pin(key));
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesAnotherName(boolean nio) {
    assertEquals(
        "the server's certificate is for node.example, not for other.example",
        refusal(nio, good(), name("other.example")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesAnotherAddress(boolean nio) {
    CertificateSpec spec = Certified.spec(List.of(NAME), List.of(Loopback.ip("127.0.0.2")));
    assertEquals(
        "the server's certificate is for node.example, 127.0.0.2, not for 127.0.0.1",
        refusal(nio, Certified.issued(Certified.AUTHORITY, spec), name("127.0.0.1")));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesAnExpiredCertificate(boolean nio) {
    CertificateSpec spec =
        new CertificateSpec(
            List.of(NAME),
            List.of(),
            Instant.now().minus(Duration.ofDays(3)),
            Instant.now().minus(Duration.ofDays(2)),
            false);
    CertifiedKey key = Certified.issued(Certified.AUTHORITY, spec);
    assertEquals(
        "a certificate of the server has expired (its own is valid until "
            + key.certificate().getNotAfter().toInstant()
            + ")",
        refusal(nio, key, name(NAME)));
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesACertificateOfTomorrow(boolean nio) {
    CertificateSpec spec =
        new CertificateSpec(
            List.of(NAME),
            List.of(),
            Instant.now().plus(Duration.ofDays(2)),
            Instant.now().plus(Duration.ofDays(3)),
            false);
    String words = refusal(nio, Certified.issued(Certified.AUTHORITY, spec), name(NAME));
    assertTrue(words.endsWith("is the clock right?"), words);
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesAnotherAuthority(boolean nio) {
    CertifiedKey key =
        Certified.issued(Certified.OTHER_AUTHORITY, Certified.spec(List.of(NAME), List.of()));
    String words = refusal(nio, key, name(NAME));
    assertTrue(
        words.startsWith(
            "no trusted authority vouches for the server's certificate"
                + " (issued by CN=somebody else, its key is sha256//"),
        words);
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesASelfMadeCertificateWithoutAPin(boolean nio) {
    CertifiedKey key = Certified.selfMade(Keys.generateP256(Certified.RANDOM));
    String words = refusal(nio, key, name("self.example"));
    assertTrue(words.startsWith("no trusted authority vouches for"), words);
    assertTrue(words.contains("(self-signed as CN="), words);
    assertTrue(words.contains(", its key is " + key.pin()), words);
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesAnotherKeyThanThePinnedOneEvenIfAnAuthorityVouches(boolean nio) {
    CertifiedKey pinned = good();
    CertifiedKey shown = good();
    assertEquals(
        "the server has another key than the pinned one: " + shown.pin() + ", not " + pinned.pin(),
        refusal(nio, shown, pin(pinned)));
  }

  /** Two expectations of one server in one process: what one accepted the other must not. */
  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void noEarlierSessionVouchesForALaterExpectation(boolean nio) {
    CertifiedKey key = good();
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen = Listen.tls(Loopback.at("127.0.0.1"), Certified.server(key));
      TransportAddress at = server.driver.listen(listen).join().local();
      client.wants(tls(at, pin(key)));
      Flow flow = client.await(Input.Opened.class).flow();
      client.send(flow, "x");
      client.awaitText(1);
      client.wants(
          new Output.Close(1),
          new Output.Open(2, Transport.TLS, Optional.empty(), at, Optional.of(pin(good()))));
      assertEquals(CloseCause.UNTRUSTED, client.await(Input.Closed.class).cause());
    }
  }

  /** The certificate of the pinned key is public; without the private key it is worth nothing. */
  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesAPinnedCertificateWithoutItsKey(boolean nio) {
    CertifiedKey pinned = good();
    CertifiedKey thief = good();
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      ServerCertificate stolen = new ServerCertificate(thief.privateKey(), pinned.chain());
      Listen listen = Listen.tls(Loopback.at("127.0.0.1"), stolen);
      client.wants(tls(server.driver.listen(listen).join().local(), pin(pinned)));
      Input outcome = client.nextOf(Input.Opened.class, Input.Closed.class);
      assertTrue(outcome instanceof Input.Closed, "the client trusts: " + outcome);
      assertEquals(CloseCause.HANDSHAKE_FAILED, ((Input.Closed) outcome).cause());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void saysThatAServerDoesNotSpeakTls(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven client = new Driven(runtime);
        ServerSocket plain = new ServerSocket(0, 1, Loopback.ip("127.0.0.1"))) {
      client.wants(
          tls(new TransportAddress(plain.getInetAddress(), plain.getLocalPort()), name(NAME)));
      try (Socket accepted = plain.accept()) {
        accepted.getOutputStream().write("SSH-2.0-test\r\n".getBytes(StandardCharsets.US_ASCII));
        Input.Closed closed = client.await(Input.Closed.class);
        assertEquals(CloseCause.HANDSHAKE_FAILED, closed.cause());
        assertEquals("the other side does not speak TLS", closed.detail());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesOldVersionsAndWeakSuitesOnBothSides(boolean nio)
      throws IOException, GeneralSecurityException {
    CertifiedKey key = good();
    SSLContext lax = Tls.serverContext(Certified.server(key), false);
    try (NetworkRuntime runtime = runtime(nio);
        Driven client = new Driven(runtime);
        SSLServerSocket old =
            (SSLServerSocket)
                lax.getServerSocketFactory().createServerSocket(0, 1, Loopback.ip("127.0.0.1"))) {
      old.setEnabledProtocols(new String[] {"TLSv1.2"});
      old.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"});
      client.wants(tls(new TransportAddress(old.getInetAddress(), old.getLocalPort()), pin(key)));
      try (SSLSocket accepted = (SSLSocket) old.accept();
          InputStream in = accepted.getInputStream()) {
        org.junit.jupiter.api.Assertions.assertThrows(IOException.class, in::read);
      }
      assertEquals(CloseCause.HANDSHAKE_FAILED, client.await(Input.Closed.class).cause());
    }
    for (boolean datagrams : List.of(false, true)) {
      var engine = Engines.serverEngine(Tls.serverContext(Certified.server(key), datagrams));
      assertEquals(
          datagrams ? List.of("DTLSv1.2") : List.of("TLSv1.3", "TLSv1.2"),
          List.of(engine.getEnabledProtocols()));
      for (String suite : engine.getEnabledCipherSuites()) {
        assertTrue(
            suite.matches("TLS_(ECDHE_.*_WITH_)?(AES_\\d+_GCM|CHACHA20_POLY1305)_SHA\\d+"), suite);
      }
      assertTrue(engine.getEnabledCipherSuites().length >= 4);
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void aConnectionCutWithoutGoodbyeIsNoGoodEnd(boolean nio) throws Exception {
    CertifiedKey key = good();
    SSLContext context = Tls.serverContext(Certified.server(key), false);
    try (NetworkRuntime runtime = runtime(nio);
        Driven client = new Driven(runtime);
        ServerSocket plain = new ServerSocket(0, 1, Loopback.ip("127.0.0.1"))) {
      client.wants(
          tls(new TransportAddress(plain.getInetAddress(), plain.getLocalPort()), pin(key)));
      try (Socket tcp = plain.accept()) {
        SSLSocket tls =
            (SSLSocket) context.getSocketFactory().createSocket(tcp, "client", 0, false);
        tls.setUseClientMode(false);
        tls.startHandshake();
        client.await(Input.Opened.class);
        tcp.shutdownOutput();
        Input.Closed closed = client.await(Input.Closed.class);
        assertEquals(CloseCause.RESET, closed.cause(), closed.detail());
      }
    }
  }

  @Test
  void anExpectationThatIsNoNameIsAFaultAndNoCrash() {
    try (NetworkRuntime runtime = runtime(true);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen = Listen.tls(Loopback.at("127.0.0.1"), Certified.server(good()));
      client.wants(tls(server.driver.listen(listen).join().local(), name("no host name at all…")));
      Input.Closed closed = client.await(Input.Closed.class);
      assertTrue(closed.detail().contains("is not a host name"), closed.detail());
    }
  }

  @Test
  void withoutAnExpectationThereIsNoConnection() {
    try (NetworkRuntime runtime = runtime(true);
        Driven client = new Driven(runtime)) {
      client.wants(
          new Output.Open(
              1,
              Transport.TLS,
              Optional.empty(),
              new TransportAddress(Loopback.ip("127.0.0.1"), 1),
              Optional.empty()));
      assertEquals(CloseCause.UNTRUSTED, client.await(Input.Closed.class).cause());
    }
  }
}
