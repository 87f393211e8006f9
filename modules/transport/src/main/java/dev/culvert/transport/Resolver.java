package dev.culvert.transport;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.Question;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.HostsFileEntriesProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@link Question}s: literals at once, then the hosts file, then name servers, or for names
 * in {@code local} the links of this machine and never a server (RFC 6762 §3). Files are read anew
 * for each question, off the event loop, so that a machine that moves to another network asks
 * there. Safe for any thread; answers come on the resolver's own loop or the caller's thread.
 */
final class Resolver {
  private static final long STRAGGLER_MILLIS = 300;

  private final EventLoop loop;
  private final Executor slowWork;
  private final DnsClient client;
  private final BiConsumer<String, Consumer<Answer>> links;
  private final Optional<List<InetSocketAddress>> suppliedServers;
  private final Optional<Path> suppliedHosts;

  Resolver(
      EventLoop loop,
      Executor slowWork,
      Platform platform,
      BiConsumer<String, Consumer<Answer>> links,
      Optional<List<InetSocketAddress>> suppliedServers,
      Optional<Path> suppliedHosts) {
    this.loop = loop;
    this.slowWork = slowWork;
    this.links = links;
    this.client = new DnsClient(loop, platform);
    this.suppliedServers = suppliedServers;
    this.suppliedHosts = suppliedHosts;
  }

  void ask(Question question, Consumer<Answer> done) {
    if (question instanceof Question.Addresses addresses) {
      Optional<InetAddress> literal = IpLiterals.parse(addresses.host());
      if (literal.isPresent()) {
        done.accept(new Answer.Addresses(List.of(literal.get())));
      } else {
        slowWork.execute(() -> askAddresses(addresses.host(), done));
      }
    } else if (question instanceof Question.Services services
        && LocalNames.isLocal(services.name())) {
      // Services on a link are found in another way, see Question.LocalServices.
      done.accept(new Answer.NotFound());
    } else if (question instanceof Question.Services services) {
      slowWork.execute(
          () -> {
            List<InetSocketAddress> servers = settings().nameServers();
            loop.execute(() -> askServices(servers, services.name(), done));
          });
    }
  }

  void close() {
    if (!loop.isShuttingDown()) {
      loop.execute(client::close);
    }
  }

  private ResolverSettings settings() {
    return suppliedServers.isPresent()
        ? new ResolverSettings(suppliedServers.get(), List.of(), 1)
        : ResolverSettings.ofSystem();
  }

  private void askAddresses(String host, Consumer<Answer> done) {
    List<InetAddress> known = hosts(host);
    if (!known.isEmpty()) {
      done.accept(new Answer.Addresses(known));
      return;
    }
    if (LocalNames.isLocal(host)) {
      links.accept(host, done);
      return;
    }
    ResolverSettings settings = settings();
    loop.execute(() -> tryNames(settings, settings.candidates(host), host, done));
  }

  private List<InetAddress> hosts(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    HostsFileEntriesProvider file =
        suppliedHosts.isPresent()
            ? HostsFileEntriesProvider.parser()
                .parseSilently(suppliedHosts.get().toFile(), StandardCharsets.UTF_8)
            : HostsFileEntriesProvider.parser().parseSilently(StandardCharsets.UTF_8);
    List<InetAddress> known = new ArrayList<>();
    for (Map<String, List<InetAddress>> entries : List.of(file.ipv4Entries(), file.ipv6Entries())) {
      known.addAll(entries.getOrDefault(name, List.of()));
    }
    if (known.isEmpty() && (name.equals("localhost") || name.endsWith(".localhost"))) {
      // RFC 6761 §6.3
      IpLiterals.parse("127.0.0.1").ifPresent(known::add);
      IpLiterals.parse("::1").ifPresent(known::add);
    }
    return known;
  }

  private void tryNames(
      ResolverSettings settings, List<String> names, String host, Consumer<Answer> done) {
    if (names.isEmpty()) {
      done.accept(new Answer.NotFound());
      return;
    }
    Consumer<Answer> orTheNext =
        answer -> {
          if (answer instanceof Answer.NotFound) {
            tryNames(settings, names.subList(1, names.size()), host, done);
          } else {
            done.accept(answer);
          }
        };
    if (LocalNames.isLocal(names.get(0))) {
      // A search domain that somebody set to local.
      links.accept(
          names.get(0),
          answer ->
              loop.execute(
                  () ->
                      orTheNext.accept(
                          answer instanceof Answer.Addresses ? answer : new Answer.NotFound())));
      return;
    }
    new Pair(settings.nameServers(), names.get(0), orTheNext).start();
  }

  private void askServices(List<InetSocketAddress> servers, String name, Consumer<Answer> done) {
    String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    client.<Answer.Service>ask(
        servers,
        relative,
        DnsRecordType.SRV,
        response -> DnsReply.services(response, relative),
        result -> {
          if (result instanceof DnsClient.Result.Found<Answer.Service> found) {
            done.accept(new Answer.Services(found.records()));
          } else if (result instanceof DnsClient.Result.Broken<Answer.Service> broken) {
            done.accept(new Answer.Failed("cannot look up " + name + ": " + broken.detail()));
          } else {
            done.accept(new Answer.NotFound());
          }
        });
  }

  /** A and AAAA at once; whichever comes first waits a little for the other, not for ever. */
  private final class Pair {
    private final List<InetSocketAddress> servers;
    private final String name;
    private final Consumer<Answer> done;
    private DnsClient.@Nullable Result<InetAddress> ipv4;
    private DnsClient.@Nullable Result<InetAddress> ipv6;
    private boolean answered;

    Pair(List<InetSocketAddress> servers, String name, Consumer<Answer> done) {
      this.servers = servers;
      this.name = name;
      this.done = done;
    }

    void start() {
      ask(
          DnsRecordType.A,
          result -> {
            ipv4 = result;
            arrived(result);
          });
      ask(
          DnsRecordType.AAAA,
          result -> {
            ipv6 = result;
            arrived(result);
          });
    }

    private void ask(DnsRecordType type, Consumer<DnsClient.Result<InetAddress>> arrived) {
      client.ask(
          servers, name, type, response -> DnsReply.addresses(response, name, type), arrived);
    }

    private void arrived(DnsClient.Result<InetAddress> result) {
      if (ipv4 != null && ipv6 != null) {
        answer();
      } else if (result instanceof DnsClient.Result.Found) {
        Outcome.ignored(loop.schedule(this::answer, STRAGGLER_MILLIS, TimeUnit.MILLISECONDS));
      }
    }

    private void answer() {
      if (answered) {
        return;
      }
      answered = true;
      List<InetAddress> ips = new ArrayList<>();
      String trouble = "";
      for (DnsClient.Result<InetAddress> result : results()) {
        if (result instanceof DnsClient.Result.Found<InetAddress> found) {
          ips.addAll(found.records());
        } else if (result instanceof DnsClient.Result.Broken<InetAddress> broken) {
          trouble = broken.detail();
        }
      }
      if (!ips.isEmpty()) {
        done.accept(new Answer.Addresses(ips));
      } else if (!trouble.isEmpty()) {
        done.accept(new Answer.Failed("cannot look up " + name + ": " + trouble));
      } else {
        done.accept(new Answer.NotFound());
      }
    }

    private List<DnsClient.Result<InetAddress>> results() {
      List<DnsClient.Result<InetAddress>> results = new ArrayList<>();
      if (ipv4 != null) {
        results.add(ipv4);
      }
      if (ipv6 != null) {
        results.add(ipv6);
      }
      return results;
    }
  }
}
