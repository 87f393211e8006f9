package dev.culvert.cli.ice.drive;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.DamagedException;
import dev.culvert.cli.ice.Paste;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.text.CandidateText;
import dev.culvert.ice.text.IceTextException;
import dev.culvert.peer.SessionEngine;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.LocalAddress;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Carries out orders, a line each, and tells what comes of them, a line each ({@code docs/ice.md}).
 * What is no order is told and passed over. {@link #run} is called once; {@link #close} by any
 * thread.
 */
public final class Drive implements AutoCloseable {
  private static final String SCHEMA = "culvert.ice-drive/1";
  private static final int MOST_CONNECTIONS = 10_000;
  private static final int LONGEST_DATAGRAM = 65_000;

  private final DriveHost host;
  private final Events events;
  private final Map<String, IceEngine> engines = new LinkedHashMap<>();
  private final Map<String, Driven> connections = new HashMap<>();
  private final Map<String, Verb> verbs = new LinkedHashMap<>();
  private boolean quits;

  /** What an order makes happen. */
  @FunctionalInterface
  private interface Action {
    void run(Order order) throws OrderException;
  }

  /** The same with the connection that the order names. */
  @FunctionalInterface
  private interface ConnectionAction {
    void run(Driven connection, Order order) throws OrderException;
  }

  private record Verb(Set<String> fields, Action action) {}

  /**
   * A drive that has done nothing.
   *
   * @param out takes the lines of output, on a thread of its own
   */
  public Drive(DriveHost host, Consumer<String> out) {
    this.host = host;
    this.events = new Events(out);
    verb(
        "open",
        this::open,
        "id",
        "role",
        "policy",
        "engine",
        "patienceMillis",
        "pacingMillis",
        "lite");
    ofConnection("remote", this::remote, "description");
    ofConnection("candidate", this::candidate, "candidate");
    ofConnection("end", (its, order) -> its.connection().endRemote());
    ofConnection("began", (its, order) -> its.connection().peerBegan());
    ofConnection("failed", (its, order) -> its.connection().peerFailed());
    ofConnection("restart", (its, order) -> its.restart());
    ofConnection("send", Drive::send, "data", "text");
    ofConnection("fates", (its, order) -> its.fates());
    ofConnection(
        "close",
        (its, order) -> {
          connections.remove(order.id());
          its.close();
        });
    verb("gather", order -> ours(order).gather(), "engine");
    verb("use", this::use, "engine");
    verb("quit", order -> quits = true);
  }

  private void verb(String word, Action action, String... fields) {
    verbs.put(word, new Verb(new TreeSet<>(List.of(fields)), action));
  }

  private void ofConnection(String word, ConnectionAction action, String... fields) {
    Set<String> names = new TreeSet<>(List.of(fields));
    names.add("id");
    verbs.put(word, new Verb(names, order -> action.run(connection(order), order)));
  }

  /** Reads orders and carries them out until there are no more, or one says that it is over. */
  public void run(InputStream in) {
    ready();
    OrderLines lines = new OrderLines(in);
    try {
      for (Optional<OrderLines.Line> line = lines.next();
          line.isPresent() && !quits;
          line = quits ? Optional.empty() : lines.next()) {
        take(line.get());
        events.awaitRoom();
      }
    } catch (IOException e) {
      // Nobody gives orders any more, as at the end of the input.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ready() {
    List<LocalAddress> addresses = host.addresses();
    events.tell(
        "ready",
        out -> {
          out.writeStringField("schema", SCHEMA);
          out.writeNumberField("origin", events.origin());
          out.writeStringField("engine", host.engine());
          addresses(out, addresses);
        });
  }

  private static void addresses(JsonGenerator out, List<LocalAddress> addresses)
      throws IOException {
    out.writeArrayFieldStart("addresses");
    for (LocalAddress address : addresses) {
      out.writeString(IpLiterals.format(address.ip(), false));
    }
    out.writeEndArray();
  }

  private void take(OrderLines.Line line) {
    Optional<String> id = Optional.empty();
    try {
      if (!line.whole()) {
        throw new OrderException("the line is longer than " + Order.LONGEST + " characters");
      }
      if (line.text().isBlank()) {
        return;
      }
      Order order = Order.parse(line.text());
      id = order.text("id");
      Verb verb = verbs.get(order.word());
      if (verb == null) {
        throw new OrderException(
            "nobody knows \"" + Order.shortened(order.word()) + "\"; there are " + verbs.keySet());
      }
      order.allow(verb.fields());
      verb.action().run(order);
    } catch (OrderException | IllegalArgumentException | IllegalStateException e) {
      refused(id, String.valueOf(e.getMessage()));
    } catch (Fault e) {
      refused(id, e.line());
    }
  }

  private void refused(Optional<String> id, String reason) {
    events.tell(
        "error",
        id.map(Order::shortened),
        out -> out.writeStringField("reason", reason.replaceAll("\\s+", " ")));
  }

  private Driven connection(Order order) throws OrderException {
    Driven connection = connections.get(order.id());
    if (connection == null) {
      throw new OrderException("no connection of this id is open");
    }
    return connection;
  }

  private synchronized IceEngine engine(Order order) {
    return engines.computeIfAbsent(order.text("engine").orElse(host.engine()), host::make);
  }

  private SessionEngine ours(Order order) throws OrderException {
    if (engine(order) instanceof SessionEngine session) {
      return session;
    }
    throw new OrderException("this engine cannot \"" + order.word() + "\"");
  }

  private void open(Order order) throws OrderException {
    String id = order.id();
    if (connections.containsKey(id)) {
      throw new OrderException("a connection of this id is open");
    }
    if (connections.size() >= MOST_CONNECTIONS) {
      throw new OrderException(MOST_CONNECTIONS + " connections are open; close one");
    }
    IceConfig config = config(order);
    IceEngine engine = engine(order);
    Driven connection = new Driven(id, events);
    events.tell("opened", id, out -> out.writeStringField("engine", engine.name()));
    connection.opened(engine.open(config, connection::take));
    connections.put(id, connection);
  }

  private IceConfig config(Order order) throws OrderException {
    IceConfig standard =
        IceConfig.standard(oneOf(IceRole.values(), "role", order.need("role")))
            .withPolicy(
                order.text("policy").isPresent()
                    ? oneOf(IcePolicy.values(), "policy", order.need("policy"))
                    : host.policy());
    IceConfig config =
        new IceConfig(
            standard.role(),
            standard.lite(),
            standard.components(),
            standard.policy(),
            order.millis("pacingMillis").orElse(standard.pacing()),
            order.millis("patienceMillis").orElse(standard.patience()),
            standard.mostPairs());
    return order.flag("lite") ? config.withLite() : config;
  }

  private static <T extends Enum<T>> T oneOf(T[] values, String name, String word)
      throws OrderException {
    List<String> words = Arrays.stream(values).map(EventJson::word).toList();
    int at = words.indexOf(word);
    if (at < 0) {
      throw new OrderException("\"" + name + "\" is one of " + String.join(", ", words));
    }
    return values[at];
  }

  private void remote(Driven its, Order order) throws OrderException {
    try {
      its.connection().remote(Paste.read(order.need("description")));
    } catch (DamagedException e) {
      throw new OrderException(String.valueOf(e.getMessage()));
    }
  }

  private void candidate(Driven its, Order order) throws OrderException {
    try {
      CandidateText.parse(order.need("candidate"), 0).ifPresent(its.connection()::addRemote);
    } catch (IceTextException e) {
      throw new OrderException(String.valueOf(e.getMessage()));
    }
  }

  private static void send(Driven its, Order order) throws OrderException {
    if (order.text("data").isPresent() == order.text("text").isPresent()) {
      throw new OrderException("\"send\" has either \"data\", in base64, or \"text\"");
    }
    Bytes data =
        order.text("text").isPresent()
            ? Bytes.utf8(order.need("text"))
            : decoded(order.need("data"));
    if (data.length() > LONGEST_DATAGRAM) {
      throw new OrderException("a datagram has at most " + LONGEST_DATAGRAM + " bytes");
    }
    its.connection().send(data);
  }

  private static Bytes decoded(String data) throws OrderException {
    try {
      return Bytes.wrap(Base64.getDecoder().decode(data));
    } catch (IllegalArgumentException e) {
      throw new OrderException("\"data\" is no base64");
    }
  }

  private void use(Order order) throws OrderException {
    SessionEngine session = ours(order);
    List<LocalAddress> addresses = host.addresses();
    session.execute((its, now) -> its.use(addresses, now));
    events.tell("using", out -> addresses(out, addresses));
  }

  /** Ends all connections and engines, and writes what is left to tell. */
  @Override
  public void close() {
    List<IceEngine> all;
    synchronized (this) {
      all = List.copyOf(engines.values());
      engines.clear();
    }
    all.forEach(IceEngine::close);
    events.close();
  }
}
