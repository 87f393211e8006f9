package dev.culvert.turn.auth;

/** A file with users or shared secrets cannot be read; neither text shows a secret. */
public final class SecretLinesException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String mend;

  SecretLinesException(String fault, String mend) {
    super(fault + "; " + mend);
    this.what = fault;
    this.mend = mend;
  }

  /** File, line and what is wrong there, without a final stop. */
  public String fault() {
    return what;
  }

  /** What to write instead, without a final stop. */
  public String mend() {
    return mend;
  }
}
