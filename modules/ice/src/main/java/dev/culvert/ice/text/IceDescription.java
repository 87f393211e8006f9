package dev.culvert.ice.text;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceParameters;
import java.util.List;

/**
 * What one agent tells the other: itself, and candidates.
 *
 * @param parameters its credentials and what it can do
 * @param candidates those that it knows by now
 * @param complete whether no more will come (RFC 8838 §8.2)
 */
public record IceDescription(
    IceParameters parameters, List<Candidate> candidates, boolean complete) {
  /** Copies the list. */
  public IceDescription {
    candidates = List.copyOf(candidates);
  }
}
