package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The algorithms that a server takes, the preferred one first (RFC 8489 §14.11).
 *
 * @param algorithms in the server's order
 */
public record PasswordAlgorithms(List<PasswordAlgorithm> algorithms) implements Attribute {

  /** Copies the list. */
  public PasswordAlgorithms {
    algorithms = List.copyOf(algorithms);
  }

  @Override
  public int type() {
    return AttributeType.PASSWORD_ALGORITHMS;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    byte[] value = new byte[algorithms.stream().mapToInt(PasswordAlgorithm::encodedLength).sum()];
    int end = 0;
    for (PasswordAlgorithm algorithm : algorithms) {
      algorithm.encode().copyTo(value, end);
      end += algorithm.encodedLength();
    }
    return Bytes.wrap(value);
  }

  static Optional<Attribute> decode(Bytes value) {
    List<PasswordAlgorithm> algorithms = new ArrayList<>();
    Bytes rest = value;
    while (!rest.isEmpty()) {
      Optional<PasswordAlgorithm> next = PasswordAlgorithm.first(rest);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      algorithms.add(next.get());
      rest = rest.slice(Math.min(next.get().encodedLength(), rest.length()));
    }
    return Optional.of(new PasswordAlgorithms(algorithms));
  }
}
