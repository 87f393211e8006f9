package dev.culvert.session.meet;

import dev.culvert.sansio.Input;

/** Whom an input is for. */
final class Ids {
  private Ids() {}

  static long of(Input input) {
    if (input instanceof Input.Bound its) {
      return its.id();
    } else if (input instanceof Input.BindFailed its) {
      return its.id();
    } else if (input instanceof Input.Opened its) {
      return its.flow().id();
    } else if (input instanceof Input.Closed its) {
      return its.id();
    } else if (input instanceof Input.Unreachable its) {
      return its.flow().id();
    } else if (input instanceof Input.Writable its) {
      return its.id();
    } else if (input instanceof Input.Answered its) {
      return its.id();
    } else if (input instanceof Input.Published its) {
      return its.id();
    }
    return input instanceof Input.PublishFailed its ? its.id() : 0;
  }
}
