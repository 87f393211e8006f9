package dev.culvert.cli.ice;

import dev.culvert.ice.text.IceDescription;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.util.function.Consumer;

/** An {@link IcePeer} on sockets of this host. */
final class DrivenPeer implements Meeter {
  private final IcePeer peer;
  private final MachineDriver<PeerEvent> driver;

  DrivenPeer(NetworkRuntime runtime, PeerTask task, PeerTrace trace, Consumer<PeerEvent> listener) {
    peer = new IcePeer(task, new SecureRandom(), trace);
    driver = runtime.drive(peer, listener);
  }

  @Override
  public void begin() {
    driver.execute(peer::advance);
  }

  @Override
  public void meet(IceDescription description) {
    driver.execute(now -> peer.meet(description, now));
  }

  @Override
  public void leave() {
    driver.execute(peer::close);
  }

  @Override
  public void close() {
    driver.close();
  }
}
