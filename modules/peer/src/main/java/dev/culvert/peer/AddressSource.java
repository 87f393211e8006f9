package dev.culvert.peer;

import dev.culvert.session.AddressFilter;
import dev.culvert.session.LocalAddress;
import dev.culvert.transport.Interfaces;
import java.io.IOException;
import java.util.List;

/** Where the addresses of this host that a peer uses come from. */
@FunctionalInterface
public interface AddressSource {
  /**
   * Those that there are now, perhaps none; may block.
   *
   * @throws IOException if that cannot be told, which does not mean that there are none
   */
  List<LocalAddress> addresses() throws IOException;

  /** Those of this host's interfaces that are up and that the filter lets through. */
  static AddressSource here(AddressFilter filter) {
    return () ->
        filter
            .choose(
                Interfaces.list().stream()
                    .map(each -> new LocalAddress(each.interfaceName(), each.ip()))
                    .toList())
            .used();
  }
}
