package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is asked about names in {@code local}. Nothing here leaves this process but over loopback.
 */
class LocalNameResolverTest {
  private static final Answer ON_LINK = new Answer.Addresses(List.of(Loopback.ip("192.168.1.2")));

  @TempDir Path folder;
  private final LittleDnsServer server = new LittleDnsServer();
  private final Platform platform = Platform.choose(true);
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, platform.ioHandlerFactory());
  private final List<String> asked = new CopyOnWriteArrayList<>();

  LocalNameResolverTest() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    loops.shutdownGracefully(0, 3, TimeUnit.SECONDS).awaitUninterruptibly();
    server.close();
  }

  private Answer ask(Question question) throws Exception {
    Files.writeString(folder.resolve("hosts"), "192.0.2.77 known.local\n");
    Resolver resolver =
        new Resolver(
            loops.next(),
            Runnable::run,
            platform,
            (name, done) -> {
              asked.add(name);
              done.accept(ON_LINK);
            },
            Optional.of(List.of(server.address().toSocketAddress())),
            Optional.of(folder.resolve("hosts")));
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    resolver.ask(question, answer::complete);
    return answer.get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.local", "A.LOCAL.", "a.b.local"})
  void theLinksAreAskedAndNoServer(String name) throws Exception {
    assertEquals(ON_LINK, ask(new Question.Addresses(name)));
    assertEquals(List.of(name), asked);
    assertEquals(List.of(), server.questions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example", "local.example", "alocal", "192.0.2.1"})
  void othersNeverGoOutToTheLinks(String name) throws Exception {
    ask(new Question.Addresses(name));
    assertEquals(List.of(), asked);
  }

  @Test
  void theHostsFileComesFirst() throws Exception {
    assertEquals(
        new Answer.Addresses(List.of(Loopback.ip("192.0.2.77"))),
        ask(new Question.Addresses("known.local")));
    assertEquals(List.of(), asked);
  }

  @Test
  void servicesInLocalAreNowhere() throws Exception {
    assertEquals(new Answer.NotFound(), ask(new Question.Services("_stun._udp.a.local")));
    assertEquals(List.of(), asked);
    assertEquals(List.of(), server.questions());
  }

  @Test
  void loopbackAndStrangeNamesAreNotPublished() {
    try (NetworkRuntime runtime = NetworkRuntime.create();
        Driven driven = new Driven(runtime)) {
      driven.wants(new Output.Publish(3, "a.local", Loopback.ip("127.0.0.1")));
      assertEquals(
          new Input.PublishFailed(3, "no interface with multicast has that address"),
          driven.await(Input.PublishFailed.class));
      driven.wants(new Output.Publish(4, "a.example", Loopback.ip("127.0.0.1")));
      assertEquals(
          new Input.PublishFailed(4, "a.example is not a name.local"),
          driven.await(Input.PublishFailed.class));
      driven.wants(new Output.Publish(5, "a.local", Loopback.ip("192.0.2.1")), new Output.Close(5));
      driven.wants(new Output.Ask(6, new Question.Addresses("192.0.2.1")));
      assertEquals(6, driven.await(Input.Answered.class).id());
      assertEquals(new MulticastDnsStatistics(0, 0, 0), runtime.multicastDnsStatistics());
    }
  }
}
