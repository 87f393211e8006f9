package dev.culvert.transport;

import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.transport.mdns.Publication;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A name, or a service, that a machine has answered for by multicast DNS. */
final class NameOnLink implements Endpoint {
  private final MachineDriver<?> driver;
  private final long id;
  private @Nullable Publication publication;

  private NameOnLink(MachineDriver<?> driver, long id) {
    this.driver = driver;
    this.id = id;
  }

  static void publish(MachineDriver<?> driver, Output.Publish wanted) {
    NameOnLink name = new NameOnLink(driver, wanted.id());
    driver.register(wanted.id(), name);
    name.publication =
        driver
            .runtime()
            .multicastDns()
            .publish(
                wanted.name(),
                wanted.ip(),
                trouble -> driver.onLoop(() -> name.published(trouble)));
  }

  static void announce(MachineDriver<?> driver, Output.Announce wanted) {
    NameOnLink name = new NameOnLink(driver, wanted.id());
    driver.register(wanted.id(), name);
    name.publication =
        driver
            .runtime()
            .multicastDns()
            .announce(
                wanted.service(),
                wanted.ip(),
                trouble -> driver.onLoop(() -> name.published(trouble)));
  }

  private void published(Optional<String> trouble) {
    if (!driver.knows(id, this)) {
      return;
    }
    if (trouble.isEmpty()) {
      driver.tell(new Input.Published(id));
    } else {
      driver.forget(id, this);
      driver.tell(new Input.PublishFailed(id, trouble.get()));
    }
  }

  @Override
  public void send(Output.Send send) {
    driver.countDroppedSend();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    if (publication != null) {
      publication.close();
    }
  }
}
