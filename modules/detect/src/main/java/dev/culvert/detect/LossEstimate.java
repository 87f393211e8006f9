package dev.culvert.detect;

/**
 * What silence proves when packets get lost. The chance that a request or its answer is lost is not
 * known; all that is known is how many of the requests that must be answered were. With no opinion
 * beforehand (a uniform prior) that gives the chance that some more go unanswered by loss alone.
 *
 * @param answered requests that were answered
 * @param lost requests to servers that are alive which were not answered
 */
record LossEstimate(int answered, int lost) {
  /** What is taken for certain: wrong once in a million. */
  private static final double DOUBT = 1e-6;

  /** The same where much is lost: it is asked again after every try, and each time may be wrong. */
  private static final double DOUBT_AMONG_LOSSES = 1e-8;

  /** Whether {@code silences} unanswered requests cannot be put down to loss. */
  boolean proves(int silences) {
    double chance = 1;
    for (int i = 0; i < silences; i++) {
      chance *= (lost + 1.0 + i) / (answered + lost + 2.0 + i);
    }
    return answered > 0 && chance < (lost == 0 ? DOUBT : DOUBT_AMONG_LOSSES);
  }
}
