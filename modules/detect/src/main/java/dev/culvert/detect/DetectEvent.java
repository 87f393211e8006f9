package dev.culvert.detect;

/** What a detection engine tells while it works. */
public sealed interface DetectEvent {

  /**
   * A step was taken or something was learnt.
   *
   * @param text one line for people, without addresses
   */
  record Progress(String text) implements DetectEvent {}

  /** The measurement is over; nothing follows. */
  record Finished(NatReport report) implements DetectEvent {}
}
