package dev.culvert.cli.demo;

import dev.culvert.cli.lab.verb.Traits;
import dev.culvert.lab.spec.Profile;
import java.time.Duration;

/**
 * What a check behind one kind of NAT found.
 *
 * @param profile the kind
 * @param found what the check said
 * @param grade the verdict's
 * @param elapsed how long the check took, its process and all
 */
record DemoResult(Profile profile, Traits found, String grade, Duration elapsed) {

  Traits truth() {
    return Traits.of(profile);
  }

  boolean isRight() {
    return found.isRightFor(truth());
  }
}
