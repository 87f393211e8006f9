package dev.culvert.lab.scenario;

/** A step that did not come out as it must; the message is for people. */
final class StepFailure extends Exception {
  private static final long serialVersionUID = 1;

  StepFailure(String message) {
    super(message);
  }
}
