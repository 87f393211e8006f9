package dev.culvert.cli.lab.verb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ice.DamagedException;
import dev.culvert.cli.ice.DescriptionFormat;
import dev.culvert.cli.ice.IcePeer;
import dev.culvert.cli.ice.MeetView;
import dev.culvert.cli.ice.Paste;
import dev.culvert.cli.ice.PeerEvent;
import dev.culvert.cli.ice.PeerTask;
import dev.culvert.cli.ice.PeerTrace;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import dev.culvert.session.SessionConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A side whose engine runs on a simulated host. */
final class SimIceSide extends IceSide {
  private final IceAsk ask;
  private final IcePeer peer;
  private final Resident<PeerEvent> resident;

  SimIceSide(SimWorld world, String host, IceAsk ask, IceRole role, Runnable onChange) {
    super(onChange);
    this.ask = ask;
    PeerTask task =
        new PeerTask(config(ask), ask.policy(), role, ask.limit(), ask.count(), Optional.empty());
    peer = new IcePeer(task, world.world().newRandom(), PeerTrace.NONE);
    resident = world.host(host).run(peer, this::heard);
    if (role == IceRole.CONTROLLING) {
      resident.execute(peer::advance);
    }
  }

  private static SessionConfig config(IceAsk ask) {
    NamedServer server = new NamedServer(ask.server().toString(), ask.server());
    List<Relay> relays =
        ask.access().map(RelayAccess::configs).orElse(List.of()).stream()
            .map(config -> new Relay(config.transport() + " " + config.server(), config))
            .toList();
    return SessionConfig.of(List.of(new LocalAddress("eth0", ask.local())))
        .asking(List.of(server))
        .relaying(relays);
  }

  private void heard(PeerEvent event) {
    if (event instanceof PeerEvent.Described described) {
      described(DescriptionFormat.SHORT.write(described.description()));
    } else if (event instanceof PeerEvent.Ended end) {
      ended(fields(new MeetView(ask.policy(), end.result())));
    }
  }

  private static Map<String, String> fields(MeetView view) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      view.write(out);
      out.flush();
      return JsonFields.read(text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void meet(String other) {
    try {
      IceDescription description = Paste.read(other);
      resident.execute(now -> peer.meet(description, now));
    } catch (DamagedException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  void stop() {
    resident.execute(peer::close);
    resident.stop();
  }
}
