package dev.culvert.cli.connect.stream;

/** Threads that wait for streams, and keep no process from ending. */
public final class Threads {
  private Threads() {}

  /** Starts one. */
  public static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
