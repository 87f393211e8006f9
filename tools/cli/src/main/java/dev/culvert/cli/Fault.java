package dev.culvert.cli;

import java.util.List;

/**
 * Something is wrong outside Culvert: told to people in one line that names the fault and the mend.
 */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String what;
  private final String mend;
  private final transient List<Fault> all;

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
    all = List.of(this);
  }

  private Fault(List<Fault> several) {
    super(several.get(0).fault());
    what = several.get(0).fault();
    exitCode = several.get(0).exitCode();
    mend = several.get(0).mend();
    all = List.copyOf(several);
  }

  /** Several faults that are told together, a line each; the first one's exit code counts. */
  public static Fault of(List<Fault> several) {
    return new Fault(several.stream().flatMap(fault -> fault.all().stream()).toList());
  }

  /** A command line that cannot be carried out as written. */
  public static Fault usage(String fault, String mend) {
    return new Fault(ExitCode.USAGE, fault, mend);
  }

  /** What is to be told: this one, or the several that it stands for. */
  public List<Fault> all() {
    return all;
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
