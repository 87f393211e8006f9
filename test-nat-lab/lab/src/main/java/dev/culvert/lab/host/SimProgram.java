package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A program in the simulator: a thread that runs only while the thread of the lab stands still for
 * it. So nothing depends on how the system shares out processors.
 */
final class SimProgram {
  private static final ThreadLocal<SimProgram> CURRENT = new ThreadLocal<>();
  private static final long GRACE_SECONDS = 2;

  private final Semaphore turn = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);
  private final Thread thread;
  // The two semaphores pass these from thread to thread.
  private BooleanSupplier wanted = () -> true;
  private boolean ended;
  private volatile boolean stopped;

  SimProgram(String name, Runnable body) {
    thread = new Thread(() -> live(body), name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether the calling thread is a program's. */
  static boolean here() {
    return CURRENT.get() != null;
  }

  /** The program that the calling thread runs. */
  static SimProgram current() {
    SimProgram program = CURRENT.get();
    if (program == null) {
      throw new IllegalStateException("this thread runs no program");
    }
    return program;
  }

  /** Lets it run on if what it waits for has come; returns when it waits again or has ended. */
  void poke() {
    if (ended || stopped || !wanted.getAsBoolean()) {
      return;
    }
    turn.release();
    try {
      back.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + thread.getName() + " ran", e);
    }
  }

  /** Stands still until {@code done}; called by the program itself. */
  void await(BooleanSupplier done) throws LabException {
    if (!stopped) {
      wanted = done;
      back.release();
      turn.acquireUninterruptibly();
    }
    if (stopped) {
      throw new LabException("the lab has ended");
    }
  }

  boolean ended() {
    return ended;
  }

  /** Ends it: whatever it waits for fails from now on. */
  void stop() {
    stopped = true;
    turn.release();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
      thread.interrupt();
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void live(Runnable body) {
    turn.acquireUninterruptibly();
    CURRENT.set(this);
    try {
      if (!stopped) {
        body.run();
      }
    } finally {
      ended = true;
      back.release();
    }
  }
}
