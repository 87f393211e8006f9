package dev.culvert.ice4j.contract;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import java.util.List;
import java.util.Optional;

/** Two engines with a connection to each other. */
final class Meeting implements AutoCloseable {
  private final IceEngine hereEngine;
  private final IceEngine thereEngine;
  final Side here;
  final Side there;

  Meeting(Kind ours, IceConfig config, Kind theirs, IceConfig other, Optional<TestRelay> relay) {
    hereEngine = ours.make(List.of(Net.HERE), relay);
    thereEngine = theirs.make(List.of(Net.THERE), relay);
    here = new Side(hereEngine, config);
    there = new Side(thereEngine, other);
  }

  Meeting(Kind ours, IceConfig config, Kind theirs, IceConfig other) {
    this(ours, config, theirs, other, Optional.empty());
  }

  /** An offer and an answer, both with all candidates. */
  Meeting atOnce() throws Exception {
    IceDescription offer = here.complete();
    there.connection().remote(offer);
    here.connection().remote(there.complete());
    here.connection().peerBegan();
    return this;
  }

  /** The same with candidates as they are found. */
  Meeting trickling() throws Exception {
    there.connection().remote(bare(here.description()));
    here.tell(event -> pass(event, there));
    here.connection().remote(bare(there.description()));
    there.tell(event -> pass(event, here));
    here.connection().peerBegan();
    return this;
  }

  private static IceDescription bare(IceDescription description) {
    return new IceDescription(description.parameters(), List.of(), false);
  }

  private static void pass(ConnectionEvent event, Side other) {
    if (event instanceof ConnectionEvent.LocalCandidate candidate) {
      other.connection().addRemote(candidate.candidate());
    } else if (event instanceof ConnectionEvent.LocalCandidatesEnd) {
      other.connection().endRemote();
    }
  }

  /** Both have come to the end of it. */
  Meeting completed() throws InterruptedException {
    here.awaitState(state -> state == IceState.COMPLETED);
    there.awaitState(state -> state == IceState.COMPLETED);
    return this;
  }

  void carries(int mark) throws InterruptedException {
    here.reaches(there, Bytes.of(mark, 1));
    there.reaches(here, Bytes.of(mark, 2));
  }

  /** Ends one side. */
  void leaveThere() {
    thereEngine.close();
  }

  @Override
  public void close() {
    hereEngine.close();
    thereEngine.close();
  }
}
