package dev.culvert.ice;

import dev.culvert.sansio.TransportAddress;

/** A candidate of the peer with a known address; its kind may become known better. */
final class RemoteCandidate {
  private final TransportAddress address;
  private Candidate candidate;

  RemoteCandidate(Candidate candidate, TransportAddress address) {
    this.candidate = candidate;
    this.address = address;
  }

  Candidate candidate() {
    return candidate;
  }

  TransportAddress address() {
    return address;
  }

  /** What a check had shown first is now told by the peer (RFC 8838 §11.2). */
  void isNow(Candidate told) {
    candidate = told;
  }

  @Override
  public String toString() {
    return candidate.type().word() + " " + address;
  }
}
