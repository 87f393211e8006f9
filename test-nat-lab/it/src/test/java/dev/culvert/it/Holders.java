package dev.culvert.it;

import dev.culvert.cli.lab.hold.HoldEvent;
import dev.culvert.cli.lab.hold.HoldMachine;
import dev.culvert.identity.SpkiPin;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.RelayedFamilies;
import dev.culvert.turn.client.TurnClientConfig;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/**
 * Several clients in one process on a host, each of which holds an allocation and sends itself
 * datagrams through it; what they find is known by their names.
 */
final class Holders implements AutoCloseable {
  /** What clients speak TURN over. */
  static final List<Transport> TRANSPORTS =
      List.of(Transport.UDP, Transport.TCP, Transport.TLS, Transport.DTLS);

  private final LabProcess process;

  private Holders(LabProcess process) {
    this.process = process;
  }

  /**
   * A client.
   *
   * @param name what the test calls it, one word
   * @param pin of the server's key, for TLS and DTLS
   * @param reallocates whether it gets another allocation after a loss
   */
  record Client(
      String name,
      Transport over,
      TransportAddress server,
      String user,
      String password,
      String pin,
      boolean reallocates) {

    private static final int WORDS = 8;

    /** The lab's usual user, over {@code over} at the port that relays have for that. */
    static Client of(String name, Transport over, InetAddress server, int securePort, String pin) {
      int port = over.isSecure() ? securePort : 3478;
      return new Client(name, over, new TransportAddress(server, port), "lab", "lab", pin, false);
    }

    Client as(String newName, String newUser, String newPassword) {
      return new Client(newName, over, server, newUser, newPassword, pin, reallocates);
    }

    Client reallocating() {
      return new Client(name, over, server, user, password, pin, true);
    }

    private List<String> words() {
      String ip = IpLiterals.format(server.ip(), false);
      String port = String.valueOf(server.port());
      return List.of(name, over.name(), ip, port, user, password, pin, String.valueOf(reallocates));
    }

    private static Client of(List<String> words) {
      InetAddress ip = IpLiterals.parse(words.get(2)).orElseThrow();
      return new Client(
          words.get(0),
          Transport.valueOf(words.get(1)),
          new TransportAddress(ip, Integer.parseInt(words.get(3))),
          words.get(4),
          words.get(5),
          words.get(6),
          Boolean.parseBoolean(words.get(7)));
    }

    private TurnClientConfig config() {
      LongTermCredential credential = new LongTermCredential(user, password);
      TurnClientConfig config =
          over.isSecure()
              ? TurnClientConfig.secure(
                  server,
                  over,
                  new ServerIdentity.PinnedKey(SpkiPin.parse(pin).orElseThrow().sha256()),
                  credential)
              : TurnClientConfig.of(server, over, credential);
      return HoldMachine.config(config, reallocates)
          .withFamilies(server.isIpv4() ? RelayedFamilies.IPV4 : RelayedFamilies.IPV6);
    }
  }

  /** Starts them all on {@code host}. */
  static Holders on(LabHost host, List<Client> clients) throws Exception {
    List<String> words = new ArrayList<>();
    clients.forEach(client -> words.addAll(client.words()));
    return new Holders(host.java(Holders.class, words.toArray(new String[0])));
  }

  /** Waits until a client's fields are as wanted, and returns them. */
  Map<String, String> await(String name, Predicate<Map<String, String>> wanted) throws Exception {
    try {
      Eventually.until(name, Limits.SLOW, () -> wanted.test(fields(name)));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + fields(name) + "; it said " + said(), e);
    }
    return fields(name);
  }

  /** Waits until a client came to this outcome. */
  Map<String, String> await(String name, String outcome) throws Exception {
    return await(name, fields -> outcome.equals(fields.get("outcome")));
  }

  /** What a client told last; empty before it did. */
  Map<String, String> fields(String name) {
    List<String> lines =
        process.lines().stream().filter(line -> line.startsWith(name + "\t")).toList();
    Map<String, String> fields = new HashMap<>();
    if (!lines.isEmpty()) {
      for (String field : lines.get(lines.size() - 1).split("\t", -1)) {
        int equals = field.indexOf('=');
        if (equals > 0) {
          fields.put(field.substring(0, equals), field.substring(equals + 1));
        }
      }
    }
    return fields;
  }

  static int number(Map<String, String> fields, String field) {
    return Integer.parseInt(fields.getOrDefault(field, "-1"));
  }

  /** What it said besides. */
  private String said() {
    return process.lines().stream().filter(line -> !line.contains("\t")).toList().toString();
  }

  @Override
  public void close() {
    process.close();
  }

  /** Runs the clients until it is killed. */
  public static void main(String[] words) throws Exception {
    Teller teller = new Teller();
    try (NetworkRuntime runtime = NetworkRuntime.create()) {
      for (int i = 0; i < words.length; i += Client.WORDS) {
        Client client = Client.of(List.of(words).subList(i, i + Client.WORDS));
        HoldMachine machine = new HoldMachine(client.config(), new SecureRandom());
        runtime.drive(machine, event -> teller.tell(client.name(), event));
      }
      new CountDownLatch(1).await();
    }
  }

  /** Tells a client's fields when something happened beyond a datagram. */
  private static final class Teller {
    private final Map<String, Map<String, String>> told = new HashMap<>();

    synchronized void tell(String name, HoldEvent event) {
      if (event instanceof HoldEvent.Standing standing) {
        Map<String, String> essence = new TreeMap<>(standing.fields());
        essence.keySet().removeAll(List.of("sent", "lostPercent"));
        if (!essence.equals(told.put(name, essence))) {
          StringBuilder line = new StringBuilder(name);
          standing.fields().forEach((k, v) -> line.append('\t').append(k + "=" + v));
          System.out.println(line);
        }
      }
    }
  }
}
