package dev.culvert.rendezvous.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PasswordExchange;
import dev.culvert.identity.PasswordExchange.Role;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SharedSecret;
import dev.culvert.sansio.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Guests that know the code, and yet are not who they say. */
class HandshakeTest {
  private static final Code CODE = new Code(4821, "acid", "zebra");

  private final Random random = new Random(12);
  private final PeerKey victim = PeerKey.generate(random);

  private static Card card(String name) {
    return new Card(Optional.of(name), List.of());
  }

  private Handshake side(Role role, PeerKey key, String name) {
    return new Handshake(role, key, card(name), CODE, random);
  }

  private PasswordExchange own(Role role) {
    return new PasswordExchange(role, "rdv1-code/4821", CODE.password(), random);
  }

  /** What a host says in the end to a guest that puts this into its card. */
  private Optional<Bytes> answer(Handshake host, Bytes shown) {
    PasswordExchange mallory = own(Role.GUEST);
    Bytes answer = host.answer(Bytes.of(1).concat(mallory.first())).orElseThrow().slice(1);
    Bytes second = mallory.second(answer.slice(0, PasswordExchange.FIRST)).orElseThrow();
    SharedSecret secret = mallory.finish(answer.slice(PasswordExchange.FIRST)).orElseThrow();
    return host.welcome(
        Bytes.of(3)
            .concat(second)
            .concat(secret.confirmation())
            .concat(secret.seal("rdv1-code-guest", shown)));
  }

  /** The victim's card, as whoever it was introduced to has it. */
  private Bytes shownToMallory() {
    PasswordExchange mallory = own(Role.HOST);
    Handshake guest = side(Role.GUEST, victim, "Victim");
    Bytes second = mallory.second(guest.knock().slice(1)).orElseThrow();
    Bytes proof =
        guest.prove(Bytes.of(2).concat(mallory.first()).concat(second)).orElseThrow().slice(1);
    SharedSecret secret = mallory.finish(proof.slice(0, PasswordExchange.SECOND)).orElseThrow();
    int at = PasswordExchange.SECOND + SharedSecret.CONFIRMATION;
    return secret.open("rdv1-code-guest", proof.slice(at)).orElseThrow();
  }

  @Test
  void whoWasIntroducedToSomebodyCannotPassForThem() {
    Bytes shown = shownToMallory();
    assertTrue(shown.startsWith(victim.id().key()));
    Handshake host = side(Role.HOST, PeerKey.generate(random), "Alice");
    assertEquals(Optional.empty(), answer(host, shown));
    assertEquals(Optional.empty(), host.result());
  }

  @Test
  void anIdWithoutItsSignatureIsNobody() {
    for (Bytes shown :
        List.of(
            victim.id().key().concat(Bytes.wrap(new byte[64])).concat(card("x").write()),
            victim.id().key(),
            Bytes.wrap(new byte[32 + 64 + 512]),
            Bytes.empty())) {
      Handshake host = side(Role.HOST, PeerKey.generate(random), "Alice");
      assertEquals(Optional.empty(), answer(host, shown));
      assertEquals(Optional.empty(), host.result());
    }
  }

  @Test
  void theTwoOfThemMeet() {
    PeerKey alice = PeerKey.generate(random);
    Handshake host = side(Role.HOST, alice, "Alice");
    Handshake guest = side(Role.GUEST, victim, "Victim");
    Bytes answer = host.answer(guest.knock()).orElseThrow();
    Bytes proof = guest.prove(answer).orElseThrow();
    Bytes welcome = host.welcome(proof).orElseThrow();
    assertTrue(guest.complete(welcome));
    assertEquals(alice.id(), guest.result().orElseThrow().peer());
    assertEquals(victim.id(), host.result().orElseThrow().peer());
  }
}
