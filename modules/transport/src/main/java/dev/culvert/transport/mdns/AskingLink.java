package dev.culvert.transport.mdns;

import io.netty.handler.codec.dns.DnsQuestion;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One family on one link, as far as one who asks there needs it. Confined to its loop. */
interface AskingLink {
  /** Tells, now or later, whether it is open; else why not. */
  void whenOpen(Consumer<Optional<String>> told);

  /** Asks all for the addresses of a name. */
  void ask(String name);

  /** Asks all these questions at once. */
  void ask(List<DnsQuestion> questions);

  /** Where answers are heard. */
  Listeners listeners();

  /** The interface's index, the scope of link-local addresses that are heard of here. */
  int scope();
}
