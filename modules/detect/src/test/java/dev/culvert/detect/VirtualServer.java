package dev.culvert.detect;

import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A STUN server as RFC 5780 wants it, or one of the many that are not. */
final class VirtualServer implements Machine<String> {
  static final int P1 = 3478;
  static final int P2 = 3479;
  static final int TLS_PORT = 5349;

  /** How it behaves. */
  enum Kind {
    /** By the book. */
    HONEST(true),
    /** One address, CHANGE-REQUEST is refused. */
    SINGLE(false),
    /** One address, CHANGE-REQUEST is ignored. */
    SINGLE_IGNORES_CHANGE(false),
    /** Names another address but answers CHANGE-REQUEST from the first. */
    IGNORES_CHANGE(true),
    /** Changes the port even where it was asked to change the address too. */
    CHANGES_ONLY_PORT(true),
    /** Names another address at which nobody is. */
    DEAD_ALTERNATE(true),
    /** Does not answer CHANGE-REQUEST. */
    DROPS_CHANGE(true),
    /** Names somebody else's address as its other one. */
    FOREIGN_ALTERNATE(true),
    /** Names itself as the other address. */
    SAME_ALTERNATE(true),
    /** Reports the same address to all. */
    CONSTANT_MAPPED(true),
    /** Reports an address next to the right one. */
    SHIFTED_MAPPED(false),
    /** Reports another address each time. */
    RANDOM_MAPPED(true),
    /** Reports no address. */
    WITHOUT_MAPPED(true),
    /** Refuses RESPONSE-PORT. */
    WITHOUT_RESPONSE_PORT(true),
    /** Answers over TCP and TLS alone. */
    STREAMS_ONLY(false),
    /** Speaks the language of RFC 3489. */
    OLD(true);

    private final boolean twoAddresses;

    Kind(boolean twoAddresses) {
      this.twoAddresses = twoAddresses;
    }
  }

  private final Kind kind;
  private final InetAddress a1;
  private final InetAddress a2;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private int requests;

  VirtualServer(Kind kind, InetAddress a1, InetAddress a2) {
    this.kind = kind;
    this.a1 = a1;
    this.a2 = a2;
    if (kind == Kind.STREAMS_ONLY) {
      return;
    }
    bind(0, a1, P1);
    if (kind.twoAddresses && kind != Kind.SAME_ALTERNATE) {
      bind(1, a1, P2);
      if (kind != Kind.DEAD_ALTERNATE) {
        bind(2, a2, P1);
        bind(3, a2, P2);
      }
    }
  }

  /** Runs on a host that has both addresses; {@code streams} adds TCP and TLS. */
  static VirtualServer on(Host host, Kind kind, boolean streams, InetAddress a1, InetAddress a2) {
    VirtualServer server = new VirtualServer(kind, a1, a2);
    Resident<String> seat = host.run(server, event -> {});
    if (streams) {
      seat.listen(Transport.TCP, new TransportAddress(a1, P1));
      seat.listen(Transport.TLS, new TransportAddress(a1, TLS_PORT));
    }
    return server;
  }

  int requests() {
    return requests;
  }

  private void bind(long id, InetAddress ip, int port) {
    outputs.add(new Output.Bind(id, new TransportAddress(ip, port)));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    StunCodec.decode(payload)
        .packet()
        .filter(packet -> packet.message().messageClass() == MessageClass.REQUEST)
        .ifPresent(packet -> answer(from, packet.message()));
  }

  private void answer(Flow from, StunMessage request) {
    requests++;
    Optional<ChangeRequest> change = request.first(ChangeRequest.class);
    boolean flagged = change.filter(c -> c.changeIp() || c.changePort()).isPresent();
    if (flagged && kind == Kind.DROPS_CHANGE) {
      return;
    }
    boolean refuses =
        (flagged && (kind == Kind.SINGLE || kind == Kind.SHIFTED_MAPPED))
            || (request.has(ResponsePort.class) && kind == Kind.WITHOUT_RESPONSE_PORT);
    if (refuses) {
      send(from, request.errorResponse(ErrorCode.UNKNOWN_ATTRIBUTE));
      return;
    }
    Flow back =
        request
            .first(ResponsePort.class)
            .map(port -> from.to(from.remote().withPort(port.port())))
            .orElse(from);
    send(via(back, change), request.successResponse(attributes(from)));
  }

  private Flow via(Flow back, Optional<ChangeRequest> change) {
    boolean fixed =
        kind == Kind.IGNORES_CHANGE
            || kind == Kind.SINGLE_IGNORES_CHANGE
            || kind == Kind.SAME_ALTERNATE
            || back.transport() != Transport.UDP;
    if (change.isEmpty() || fixed) {
      return back;
    }
    boolean changeIp = change.get().changeIp() && kind != Kind.CHANGES_ONLY_PORT;
    long id = back.id() ^ (changeIp ? 2 : 0) ^ (change.get().changePort() ? 1 : 0);
    return new Flow(id, back.transport(), back.local(), back.remote());
  }

  private Attribute[] attributes(Flow from) {
    List<Attribute> attributes = new ArrayList<>();
    if (kind != Kind.WITHOUT_MAPPED) {
      TransportAddress mapped = mapped(from.remote());
      attributes.add(new MappedAddress(mapped));
      if (kind != Kind.OLD) {
        attributes.add(new XorMappedAddress(mapped));
      }
    }
    if (kind.twoAddresses) {
      boolean first = from.local().ip().equals(a1);
      TransportAddress other =
          new TransportAddress(first ? a2 : a1, from.local().port() == P1 ? P2 : P1);
      if (kind == Kind.FOREIGN_ALTERNATE) {
        other = new TransportAddress(VirtualRun.ip("203.0.113.77"), P2);
      } else if (kind == Kind.SAME_ALTERNATE) {
        other = from.local();
      }
      attributes.add(kind == Kind.OLD ? new ChangedAddress(other) : new OtherAddress(other));
    }
    return attributes.toArray(Attribute[]::new);
  }

  private TransportAddress mapped(TransportAddress seen) {
    if (kind == Kind.CONSTANT_MAPPED) {
      return new TransportAddress(VirtualRun.ip("192.0.2.99"), 4242);
    }
    if (kind == Kind.RANDOM_MAPPED) {
      return seen.withPort(1024 + (requests * 7919) % 60_000);
    }
    if (kind == Kind.SHIFTED_MAPPED) {
      byte[] bytes = seen.ip().getAddress();
      bytes[bytes.length - 1]++;
      return new TransportAddress(IpLiterals.ofBytes(Bytes.wrap(bytes)), seen.port());
    }
    return seen;
  }

  private void send(Flow flow, StunMessage message) {
    outputs.add(new Output.Send(flow, StunCodec.encode(message)));
  }

  @Override
  public void accept(Input input, MonotonicTime now) {}

  @Override
  public void advance(MonotonicTime now) {}

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Optional.empty();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<String> pollEvent() {
    return Optional.empty();
  }
}
