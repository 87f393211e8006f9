package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.WebSocketTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WebSocketDriverTest {
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";
  private static final String EVERYWHERE = "dev.culvert.transport.Loopback#everywhere";
  private static final WebSocketTerms TERMS = WebSocketTerms.of(Set.of("/", "/rdv"), "rdv.v1.json");

  private static NetworkRuntime runtime(boolean nioOnly) {
    return NetworkRuntime.builder()
        .nioOnly(nioOnly)
        .trustedAuthorities(List.of(Certified.AUTHORITY.certificate()))
        .build();
  }

  private static Output.OpenWebSocket socket(
      long id, TransportAddress remote, Optional<ServerIdentity> server) {
    return new Output.OpenWebSocket(id, remote, "node.example", "/rdv", "rdv.v1.json", server);
  }

  private static ServerIdentity pinOr(CertifiedKey key, String name) {
    return new ServerIdentity.HostNameOrKey(
        new ServerIdentity.HostName(name), new ServerIdentity.PinnedKey(key.pin().sha256()));
  }

  private static TransportAddress clear(Driven server) {
    return server
        .driver
        .listen(Listen.webSocketInClear(Loopback.at("127.0.0.1"), TERMS))
        .join()
        .local();
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void carriesWholeMessagesBothWays(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen = Listen.webSocketInClear(Loopback.at(address), TERMS);
      TransportAddress at = server.driver.listen(listen).join().local();
      client.wants(socket(1, at, Optional.empty()));
      Flow flow = client.await(Input.Opened.class).flow();
      assertEquals(Transport.WEBSOCKET, flow.transport());
      assertEquals(at, flow.remote());
      Flow other = server.await(Input.Opened.class).flow();
      assertTrue(other.id() < 0, "an id of the driver's: " + other.id());
      assertEquals(flow.local(), other.remote());
      String long16 = "ä".repeat(8 << 10);
      List<String> said = List.of("", "one", "two", long16, "{\"v\":1}");
      said.forEach(text -> client.send(flow, text));
      for (String text : said) {
        assertEquals(text, client.awaitBytes().payload().utf8());
      }
      client.wants(new Output.Close(1));
      assertEquals(CloseCause.FINISHED, server.await(Input.Closed.class).cause());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsTheClientThatTheServerIsDone(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      client.wants(socket(1, clear(server), Optional.empty()));
      Flow flow = client.await(Input.Opened.class).flow();
      Flow other = server.await(Input.Opened.class).flow();
      server.wants(new Output.Send(other, Bytes.utf8("last words")), new Output.Close(other.id()));
      assertEquals("last words", client.awaitBytes().payload().utf8());
      Input.Closed closed = client.await(Input.Closed.class);
      assertEquals(CloseCause.FINISHED, closed.cause(), closed.detail());
      assertEquals(flow.id(), closed.id());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void acceptsThePinnedKeyAndTheVouchedName(boolean nio) {
    CertifiedKey own = Certified.selfMade(Keys.generateEd25519(Certified.RANDOM));
    CertifiedKey vouched =
        Certified.issued(Certified.AUTHORITY, Certified.spec(List.of("node.example"), List.of()));
    for (CertifiedKey shown : List.of(own, vouched)) {
      try (NetworkRuntime runtime = runtime(nio);
          Driven server = Driven.echo(runtime);
          Driven client = new Driven(runtime)) {
        Listen listen = Listen.webSocket(Loopback.at("127.0.0.1"), Certified.server(shown), TERMS);
        TransportAddress at = server.driver.listen(listen).join().local();
        client.wants(socket(1, at, Optional.of(pinOr(own, "node.example"))));
        Flow flow = client.await(Input.Opened.class).flow();
        client.send(flow, "in confidence");
        assertEquals("in confidence", client.awaitBytes().payload().utf8());
        client.wants(new Output.Close(1));
        assertEquals(CloseCause.FINISHED, server.await(Input.Closed.class).cause());
      }
    }
  }

  @Test
  void refusesAnotherKeyWhoseNameNobodyVouchesFor() {
    CertifiedKey own = Certified.selfMade(Keys.generateEd25519(Certified.RANDOM));
    CertifiedKey wrongName =
        Certified.issued(Certified.AUTHORITY, Certified.spec(List.of("b.example"), List.of()));
    CertifiedKey stranger =
        Certified.issued(
            Certified.OTHER_AUTHORITY, Certified.spec(List.of("node.example"), List.of()));
    for (CertifiedKey shown : List.of(wrongName, stranger)) {
      try (NetworkRuntime runtime = runtime(false);
          Driven server = Driven.echo(runtime);
          Driven client = new Driven(runtime)) {
        Listen listen = Listen.webSocket(Loopback.at("127.0.0.1"), Certified.server(shown), TERMS);
        TransportAddress at = server.driver.listen(listen).join().local();
        client.wants(socket(1, at, Optional.of(pinOr(own, "node.example"))));
        Input outcome = client.nextOf(Input.Opened.class, Input.Closed.class);
        assertTrue(outcome instanceof Input.Closed, "the client trusts: " + outcome);
        Input.Closed closed = (Input.Closed) outcome;
        assertEquals(CloseCause.UNTRUSTED, closed.cause(), closed.detail());
        assertTrue(closed.detail().contains("another key than the pinned one"), closed.detail());
        assertEquals(1, closed.detail().lines().count(), closed.detail());
      }
    }
  }

  @Test
  void speaksInTheClearOnLoopbackOnly() {
    try (NetworkRuntime runtime = runtime(false);
        Driven client = new Driven(runtime)) {
      TransportAddress far = new TransportAddress(Loopback.ip("192.0.2.1"), 80);
      client.wants(socket(1, far, Optional.empty()));
      assertEquals(CloseCause.UNTRUSTED, client.await(Input.Closed.class).cause());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Listen.webSocketInClear(Loopback.at("0.0.0.0"), TERMS));
  }

  @Test
  void tellsWhyNothingStands() {
    try (NetworkRuntime runtime = runtime(false);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress at = clear(server);
      client.wants(
          new Output.OpenWebSocket(
              1, at, "node.example", "/elsewhere", "rdv.v1.json", Optional.empty()),
          new Output.OpenWebSocket(2, at, "node.example", "/rdv", "chat", Optional.empty()),
          new Output.OpenWebSocket(3, at, "no host", "/rdv", "chat", Optional.empty()));
      List<String> details = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Input.Closed closed = client.await(Input.Closed.class);
        details.add(closed.id() + " " + closed.cause() + " " + closed.detail());
      }
      details.sort(null);
      assertTrue(details.get(0).startsWith("1 HANDSHAKE_FAILED "), details.toString());
      assertTrue(details.get(0).endsWith("it answered 404 Not Found"), details.toString());
      assertTrue(details.get(1).startsWith("2 HANDSHAKE_FAILED "), details.toString());
      assertTrue(details.get(1).endsWith("it answered 400 Bad Request"), details.toString());
      assertTrue(details.get(2).startsWith("3 OTHER "), details.toString());
      client.send(new Flow(9, Transport.WEBSOCKET, at, at), "nobody is there");
    }
    try (NetworkRuntime runtime = runtime(false);
        Driven client = new Driven(runtime)) {
      TransportAddress nobody;
      try (Driven server = Driven.echo(runtime)) {
        nobody = clear(server);
      }
      client.wants(socket(1, nobody, Optional.empty()));
      assertEquals(CloseCause.REFUSED, client.await(Input.Closed.class).cause());
    }
  }

  @Test
  void keepsManyConnectionsApart() {
    int many = 200;
    try (NetworkRuntime runtime = runtime(false);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress at = clear(server);
      for (int i = 0; i < many; i++) {
        client.wants(socket(i, at, Optional.empty()));
      }
      List<Flow> flows = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        flows.add(client.await(Input.Opened.class).flow());
      }
      flows.forEach(flow -> client.send(flow, "of " + flow.id()));
      for (int i = 0; i < many; i++) {
        ScriptedMachine.Heard heard = client.awaitBytes();
        assertEquals("of " + heard.flow().orElseThrow().id(), heard.payload().utf8());
      }
    }
  }

  @Test
  void refusesMoreThanItHasRoomFor() {
    try (NetworkRuntime runtime = runtime(false);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen =
          Listen.webSocketInClear(Loopback.at("127.0.0.1"), TERMS.withConnections(1))
              .withMaxConnections(10);
      TransportAddress at = server.driver.listen(listen).join().local();
      client.wants(socket(1, at, Optional.empty()));
      client.await(Input.Opened.class);
      client.wants(socket(2, at, Optional.empty()));
      Input.Closed closed = client.await(Input.Closed.class);
      assertEquals(2, closed.id());
      assertTrue(closed.detail().endsWith("503 Service Unavailable"), closed.detail());
      assertEquals(1, server.driver.statistics().connectionsRefused());
      client.wants(new Output.Close(1));
      server.await(Input.Closed.class);
    }
  }
}
