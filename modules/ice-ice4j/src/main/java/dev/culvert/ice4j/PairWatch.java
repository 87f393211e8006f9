package dev.culvert.ice4j;

import java.beans.PropertyChangeEvent;
import java.beans.PropertyChangeListener;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CandidatePairState;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.stack.TransactionID;

/**
 * Hears what ice4j's pairs and agent become, on ice4j's threads. While the peer may not have begun,
 * a pair that failed is tried again after a rest, as ice4j's agents never recover from failure.
 */
final class PairWatch implements PropertyChangeListener {
  private static final long REST_MILLIS = 2_000;

  /** What is passed on. */
  interface Ear {
    /** A check has proven a pair; called before anything else happens. */
    void proven(CandidatePair pair);

    /** A pair does not answer. */
    void silent(CandidatePair pair);

    /** The agent has come further. */
    void became(IceProcessingState state);
  }

  private final Threads threads;
  private final BooleanSupplier isPatient;
  private final Ear ear;

  PairWatch(Threads threads, BooleanSupplier isPatient, Ear ear) {
    this.threads = threads;
    this.isPatient = isPatient;
    this.ear = ear;
  }

  void watch(Parts parts) {
    parts.stream().addPairChangeListener(this);
    parts.agent().addStateChangeListener(this);
  }

  @Override
  public void propertyChange(PropertyChangeEvent event) {
    String name = event.getPropertyName();
    if (event.getSource() instanceof CandidatePair pair) {
      if (name.equals(IceMediaStream.PROPERTY_PAIR_VALIDATED)) {
        ear.proven(pair);
      } else if (name.equals(IceMediaStream.PROPERTY_PAIR_STATE_CHANGED)
          && event.getNewValue() == CandidatePairState.FAILED) {
        failed(pair);
      }
    } else if (name.equals(Agent.PROPERTY_ICE_PROCESSING_STATE)) {
      with(IceProcessingState.class, event.getNewValue(), ear::became);
    }
  }

  private void failed(CandidatePair pair) {
    if (isPatient.getAsBoolean()) {
      // Nothing is under way, but nobody else looks at a pair of which something is.
      TransactionID rest = TransactionID.createNewTransactionID();
      pair.setStateInProgress(rest);
      threads.later(() -> again(pair, rest), REST_MILLIS);
    } else {
      ear.silent(pair);
    }
  }

  private static void again(CandidatePair pair, TransactionID rest) {
    if (pair.getState() == CandidatePairState.IN_PROGRESS
        && rest.equals(pair.getConnectivityCheckTransaction())) {
      pair.setStateWaiting();
    }
  }

  private static <T> void with(Class<T> type, Object value, Consumer<T> action) {
    if (type.isInstance(value)) {
      action.accept(type.cast(value));
    }
  }
}
