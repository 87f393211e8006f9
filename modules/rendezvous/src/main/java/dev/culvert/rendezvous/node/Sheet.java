package dev.culvert.rendezvous.node;

import dev.culvert.identity.Signed;

/** The room for records in one message of 16 KiB. */
final class Sheet {
  /** Leaves room for the rest of the message. */
  private static final int MOST_CHARACTERS = 14_000;

  private static final int CHARACTERS_BESIDE_PAYLOAD = 190;

  private int characters;

  /** Whether there was room for one more, which is taken then. */
  boolean takes(Signed record) {
    int more = CHARACTERS_BESIDE_PAYLOAD + (record.payload().length() * 4 + 2) / 3;
    boolean fits = characters + more <= MOST_CHARACTERS;
    characters += fits ? more : 0;
    return fits;
  }
}
