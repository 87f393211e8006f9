package dev.culvert.session.meet;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.call.CallOutput;
import dev.culvert.rendezvous.call.Calls;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.rendezvous.client.Attachments;
import dev.culvert.rendezvous.client.Fate;
import dev.culvert.sansio.MonotonicTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Carries what calls look up and say, over the nodes. */
final class Carrier {
  private static final int MOST_IN_VAIN = 512;

  private final Attachments attachments;
  private final Calls calls;
  private final Map<Long, Long> lookups = new HashMap<>();
  private final Map<Long, Sent> signals = new HashMap<>();

  /** A signal, and the nodes that were left for last. */
  private record Sent(CallOutput.Signal signal, Set<PeerId> avoided) {}

  /** Nodes that said to have delivered what was not answered. */
  private final Map<PeerId, Set<PeerId>> inVain = new LinkedHashMap<>();

  Carrier(Attachments attachments, Calls calls) {
    this.attachments = attachments;
    this.calls = calls;
  }

  void carry(CallOutput output, MonotonicTime now) {
    if (output instanceof CallOutput.Lookup lookup) {
      lookups.put(attachments.lookup(lookup.peer(), now), lookup.id());
    } else if (output instanceof CallOutput.Signal signal) {
      Set<PeerId> avoided =
          signal.attempt() == 0 ? Set.of() : Set.copyOf(inVain.getOrDefault(signal.to(), Set.of()));
      long request = attachments.signal(signal.to(), signal.sealed(), avoided, now);
      signals.put(request, new Sent(signal, avoided));
    }
  }

  /** Takes what came of it; false for what has nothing to do with that. */
  boolean take(AttachmentEvent event, MonotonicTime now) {
    if (event instanceof AttachmentEvent.Looked looked) {
      return looked(looked, now);
    }
    return event instanceof AttachmentEvent.Signalled signalled && signalled(signalled, now);
  }

  private boolean looked(AttachmentEvent.Looked looked, MonotonicTime now) {
    Long lookup = lookups.remove(looked.request());
    if (lookup == null) {
      return false;
    }
    looked
        .record()
        .ifPresentOrElse(
            record -> calls.found(lookup, record, now),
            () -> calls.notFound(lookup, looked.answered() > 0, now));
    return true;
  }

  private boolean signalled(AttachmentEvent.Signalled signalled, MonotonicTime now) {
    Sent sent = signals.remove(signalled.request());
    if (sent == null) {
      return false;
    }
    CallOutput.Signal signal = sent.signal();
    if (signalled.fate() == Fate.DELIVERED) {
      Set<PeerId> nodes = inVain.computeIfAbsent(signal.to(), fresh -> new HashSet<>());
      // Where all were in vain, the next round begins: the peer may have come to one of them.
      if (signal.attempt() == 0 || signalled.via().filter(sent.avoided()::contains).isPresent()) {
        nodes.clear();
      }
      signalled.via().ifPresent(nodes::add);
      if (inVain.size() > MOST_IN_VAIN) {
        inVain.remove(inVain.keySet().iterator().next());
      }
    }
    calls.signalled(signal.id(), signalled.fate(), now);
    return true;
  }

  /** For how many peers it is remembered where signals went in vain. */
  int inVain() {
    return inVain.size();
  }

  /** There is no call any more. */
  void forget() {
    inVain.clear();
  }
}
