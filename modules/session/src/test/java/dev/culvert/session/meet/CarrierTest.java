package dev.culvert.session.meet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallConfig;
import dev.culvert.rendezvous.call.CallOutput;
import dev.culvert.rendezvous.call.Calls;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.rendezvous.client.Attachments;
import dev.culvert.rendezvous.client.AttachmentsConfig;
import dev.culvert.rendezvous.client.Fate;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CarrierTest {
  private static final MonotonicTime NOW = new MonotonicTime(0);

  @Test
  void whatWentInVainIsRememberedForSoManyPeersOnly() {
    Random random = new Random(5);
    PeerKey key = PeerKey.generate(random);
    Attachments attachments =
        new Attachments(
            AttachmentsConfig.standard(), key, 1, random, () -> Instant.ofEpochSecond(1));
    Calls calls =
        new Calls(
            key,
            CallConfig.STANDARD,
            AcceptPolicy.nobody(),
            attachments::sealingKeys,
            random,
            attachments::time);
    Carrier carrier = new Carrier(attachments, calls);
    for (int i = 0; i < 600; i++) {
      byte[] id = new byte[PeerId.LENGTH];
      random.nextBytes(id);
      PeerId to = new PeerId(Bytes.wrap(id));
      carrier.carry(new CallOutput.Signal(i, to, Bytes.of(1), 0), NOW);
      // Requests are counted from 1.
      carrier.take(
          new AttachmentEvent.Signalled(i + 1, Fate.DELIVERED, Optional.of(key.id())), NOW);
    }
    assertEquals(512, carrier.inVain());
    carrier.forget();
    assertEquals(0, carrier.inVain());
  }
}
