package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;

/** Another QUIC stack on paths that are sockets, as client and as server at once. */
class KwikTest {
  private static final String PROTOCOL = "culvert-test";
  private static final char[] PASSWORD = "password".toCharArray();
  private static final int LENGTH = 3 << 20;

  /** The same for the same seed. */
  private static byte[] noise(int seed) {
    byte[] bytes = new byte[LENGTH];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] sha256(byte[] data) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(data);
  }

  private static KeyStore keyStore() throws Exception {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertificateSpec spec =
        new CertificateSpec(
            List.of("peer.example"),
            List.of(),
            now.minus(Duration.ofDays(1)),
            now.plus(Duration.ofDays(1)),
            false);
    CertifiedKey key = Certificates.selfMade(Keys.generateP256(random), spec, random);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "peer", key.privateKey(), PASSWORD, key.chain().toArray(X509Certificate[]::new));
    return store;
  }

  /** Reads everything, then answers with its digest and other noise. */
  private static final class Answering implements ApplicationProtocolConnection {
    @Override
    public void acceptPeerInitiatedStream(QuicStream stream) {
      CompletableFuture<Void> unused =
          CompletableFuture.runAsync(() -> answer(stream), KwikTest::inThread);
    }

    private static void answer(QuicStream stream) {
      try (OutputStream out = stream.getOutputStream();
          InputStream in = stream.getInputStream()) {
        out.write(sha256(in.readAllBytes()));
        out.write(noise(2));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static ServerConnector server(DatagramSocket socket) throws Exception {
    ServerConnector server =
        ServerConnector.builder()
            .withPort(socket.getLocalPort())
            .withSocket(socket)
            .withKeyStore(keyStore(), "peer", PASSWORD)
            .withLogger(new NullLogger())
            .withConfiguration(
                ServerConnectionConfig.builder()
                    .maxOpenPeerInitiatedBidirectionalStreams(4)
                    .build())
            .build();
    server.registerApplicationProtocol(PROTOCOL, (protocol, connection) -> new Answering());
    server.start();
    return server;
  }

  private static QuicClientConnection client(DatagramSocket socket) throws Exception {
    InetSocketAddress peer = (InetSocketAddress) socket.getRemoteSocketAddress();
    return QuicClientConnection.newBuilder()
        .host(peer.getAddress().getHostAddress())
        .port(peer.getPort())
        .preferIPv6()
        .applicationProtocol(PROTOCOL)
        .noServerCertificateCheck()
        .socketFactory(address -> socket)
        .logger(new NullLogger())
        .connectTimeout(Duration.ofSeconds(60))
        .build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void megabytesGoBothWaysWhoeverOfTheTwoIsTheClient(boolean firstAsks) throws Exception {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      TwoPeers.Side asking = firstAsks ? peers.one : peers.two;
      TwoPeers.Side answering = firstAsks ? peers.two : peers.one;
      try (ServerConnector server = server(answering.connection.socket())) {
        assertEquals(List.of(PROTOCOL), List.copyOf(server.getRegisteredApplicationProtocols()));
        QuicClientConnection client = client(asking.connection.socket());
        client.connect();
        QuicStream stream = client.createStream(true);
        CompletableFuture<byte[]> answer =
            CompletableFuture.supplyAsync(
                () -> readAll(stream.getInputStream()), KwikTest::inThread);
        try (OutputStream out = stream.getOutputStream()) {
          out.write(noise(1));
        }
        byte[] all = answer.get(180, TimeUnit.SECONDS);
        assertEquals(32 + LENGTH, all.length);
        assertArrayEquals(sha256(noise(1)), Arrays.copyOf(all, 32));
        assertArrayEquals(sha256(noise(2)), sha256(Arrays.copyOfRange(all, 32, all.length)));
        client.close();
      }
    }
  }

  /** What blocks has a thread of its own: all that is common may be one, which others wait for. */
  private static void inThread(Runnable task) {
    Thread thread = new Thread(task, "kwik-test");
    thread.setDaemon(true);
    thread.start();
  }

  private static byte[] readAll(InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
