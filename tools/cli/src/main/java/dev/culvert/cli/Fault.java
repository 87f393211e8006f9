package dev.culvert.cli;

/**
 * Something is wrong outside Culvert: told to people in one line that names the fault and the mend.
 */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String what;
  private final String mend;

  /**
   * A fault.
   *
   * @param exitCode what the process ends with
   * @param fault what is wrong, without a final stop
   * @param mend what to do about it, without a final stop; empty if the fault tells it already
   */
  public Fault(ExitCode exitCode, String fault, String mend) {
    super(fault);
    what = fault;
    this.exitCode = exitCode;
    this.mend = mend;
  }

  /** A command line that cannot be carried out as written. */
  public static Fault usage(String fault, String mend) {
    return new Fault(ExitCode.USAGE, fault, mend);
  }

  /** What the process ends with. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** What is wrong. */
  public String fault() {
    return what;
  }

  /** What to do about it. */
  public String mend() {
    return mend;
  }

  /** What is wrong and what to do about it, on one line. */
  public String line() {
    return (mend.isEmpty() ? what : what + "; " + mend).replaceAll("\\s+", " ");
  }
}
