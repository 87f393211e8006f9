package dev.culvert.lab.junit;

/** What becomes of a test that wants the kernel's NATs where no lab can start. */
public enum IfUnavailable {
  /** It fails with what is missing and how to mend it. */
  FAIL,
  /** It is aborted, as by an assumption that does not hold, with the same reason. */
  ABORT,
  /** It runs in the simulator. */
  SIM
}
