package dev.culvert.transport.mdns;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.LocalService;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks for all services of a kind (RFC 6763 §4), a second later again and for what was left out,
 * and tells after two what came. Confined to its loop.
 */
final class Browse {
  private static final int MOST_FOUND = 64;
  private static final int MOST_ADDRESSES = 8;
  private static final int MOST_QUESTIONS = 30;
  private static final long AGAIN_MILLIS = 1000;
  private static final long PATIENCE_MILLIS = 2000;

  private final String type;
  private final String domain;
  private final EventExecutor loop;
  private final Consumer<Answer> done;
  private final Map<String, Sighting> sightings = new LinkedHashMap<>();
  private final Map<String, Set<InetAddress>> hosts = new LinkedHashMap<>();
  private final List<Runnable> endings = new ArrayList<>();
  private Optional<String> trouble = Optional.empty();
  private int hopes;
  private boolean ended;

  /** What was heard of one instance. */
  private static final class Sighting {
    private boolean pointed;
    private int port;
    private String host = "";
    private Optional<List<String>> text = Optional.empty();
  }

  Browse(String type, EventExecutor loop, Consumer<Answer> done) {
    this.type = type;
    this.domain = ServiceRecords.domain(type);
    this.loop = loop;
    this.done = done;
  }

  void start(List<? extends AskingLink> sockets) {
    hopes = sockets.size();
    later(PATIENCE_MILLIS, this::end);
    for (AskingLink socket : List.copyOf(sockets)) {
      socket.whenOpen(fault -> begin(socket, fault));
    }
    if (sockets.isEmpty()) {
      end();
    }
  }

  private void begin(AskingLink socket, Optional<String> fault) {
    if (ended) {
      return;
    }
    if (fault.isPresent()) {
      trouble = fault;
      hopes--;
      if (hopes == 0) {
        end();
      }
      return;
    }
    Consumer<DatagramDnsResponse> listener = response -> heard(response, socket.scope());
    socket.listeners().addWhole(listener);
    endings.add(() -> socket.listeners().removeWhole(listener));
    socket.ask(questions());
    later(
        AGAIN_MILLIS,
        () -> {
          if (!ended) {
            socket.ask(questions());
          }
        });
  }

  /** For all of the kind, and for what is not known yet of those that were named. */
  private List<DnsQuestion> questions() {
    List<DnsQuestion> questions = new ArrayList<>();
    questions.add(question(domain, DnsRecordType.PTR));
    for (Map.Entry<String, Sighting> each : sightings.entrySet()) {
      Sighting sighting = each.getValue();
      if (sighting.port == 0) {
        questions.add(question(each.getKey(), DnsRecordType.SRV));
      } else if (!hosts.containsKey(sighting.host)) {
        questions.add(question(sighting.host, DnsRecordType.A));
        questions.add(question(sighting.host, DnsRecordType.AAAA));
      }
      if (sighting.text.isEmpty()) {
        questions.add(question(each.getKey(), DnsRecordType.TXT));
      }
    }
    return questions.subList(0, Math.min(MOST_QUESTIONS, questions.size()));
  }

  private static DnsQuestion question(String name, DnsRecordType kind) {
    return new DefaultDnsQuestion(name + ".", kind);
  }

  private void heard(DatagramDnsResponse response, int scope) {
    for (DnsSection section : List.of(DnsSection.ANSWER, DnsSection.ADDITIONAL)) {
      for (int i = 0; i < response.count(section); i++) {
        if (response.recordAt(section, i) instanceof DnsRawRecord raw
            && raw.content().isReadable()) {
          heard(raw, raw.content().duplicate());
        }
      }
      for (HostRecord record : HostRecord.of(response, section)) {
        if (LookUp.isAHosts(record.ip()) && isSought(record.name()) && record.ttl() > 0) {
          Set<InetAddress> ips =
              hosts.computeIfAbsent(record.name(), name -> new LinkedHashSet<>());
          if (ips.size() < MOST_ADDRESSES) {
            ips.add(LookUp.scoped(record.ip(), scope));
          }
        }
      }
    }
  }

  /** A host's address may come before it is known whose host it is, but not many of them. */
  private boolean isSought(String host) {
    return hosts.containsKey(host)
        || sightings.values().stream().anyMatch(sighting -> sighting.host.equals(host))
        || hosts.size() < MOST_FOUND;
  }

  private void heard(DnsRawRecord raw, ByteBuf data) {
    String name = LocalNames.canonical(raw.name());
    if (raw.type().equals(DnsRecordType.PTR) && name.equals(domain)) {
      String instance = ServiceRecords.name(data);
      if (raw.timeToLive() == 0) {
        sightings.remove(instance);
      } else {
        sighting(instance).ifPresent(its -> its.pointed = true);
      }
    } else if (raw.type().equals(DnsRecordType.SRV) && raw.timeToLive() > 0) {
      sighting(name)
          .ifPresent(
              its -> {
                its.port = data.skipBytes(4).readUnsignedShort();
                its.host = ServiceRecords.name(data);
              });
    } else if (raw.type().equals(DnsRecordType.TXT) && raw.timeToLive() > 0) {
      sighting(name).ifPresent(its -> its.text = Optional.of(ServiceRecords.texts(data)));
    }
  }

  private Optional<Sighting> sighting(String instance) {
    if (!instance.endsWith("." + domain)
        || (sightings.size() >= MOST_FOUND && !sightings.containsKey(instance))) {
      return Optional.empty();
    }
    return Optional.of(sightings.computeIfAbsent(instance, fresh -> new Sighting()));
  }

  private void later(long millis, Runnable action) {
    Outcomes.ignored(loop.schedule(action, millis, TimeUnit.MILLISECONDS));
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    endings.forEach(Runnable::run);
    done.accept(answer());
  }

  private Answer answer() {
    List<Answer.Found> found = new ArrayList<>();
    sightings.forEach((name, sighting) -> found(name, sighting).ifPresent(found::add));
    if (!found.isEmpty()) {
      return new Answer.LocalServices(found);
    }
    return hopes == 0 && trouble.isPresent()
        ? new Answer.Failed("cannot look for " + type + ": " + trouble.get())
        : new Answer.NotFound();
  }

  private Optional<Answer.Found> found(String name, Sighting sighting) {
    Set<InetAddress> ips = hosts.getOrDefault(sighting.host, Set.of());
    if (!sighting.pointed || ips.isEmpty()) {
      return Optional.empty();
    }
    try {
      String instance = name.substring(0, name.length() - domain.length() - 1);
      LocalService service =
          new LocalService(type, instance, sighting.port, sighting.text.orElse(List.of()));
      return Optional.of(new Answer.Found(service, List.copyOf(ips)));
    } catch (IllegalArgumentException e) {
      // Others may call theirs what ours cannot be called.
      return Optional.empty();
    }
  }
}
