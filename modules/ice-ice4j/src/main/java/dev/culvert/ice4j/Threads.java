package dev.culvert.ice4j;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of an engine: one on which everything happens in order, and others for what ice4j
 * would hold it up with. None of them keeps a process alive.
 */
final class Threads {
  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(named("culvert-ice4j"));
  private final ExecutorService workers =
      Executors.newCachedThreadPool(named("culvert-ice4j-worker"));

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name + "-" + COUNT.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  ScheduledExecutorService loop() {
    return loop;
  }

  /** Runs it in order with all the rest; not at all once the engine is closed. */
  void later(Runnable task) {
    try {
      loop.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      // Closed: nobody is there to be told.
    }
  }

  void later(Runnable task, long millis) {
    try {
      var unused = loop.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Closed: nobody is there to be told.
    }
  }

  /** Runs what may block. */
  Future<?> work(Runnable task) {
    return workers.submit(guarded(task));
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("What should have been done around ice4j failed.", e);
      }
    };
  }

  /** Ends them, once what was begun to be given back is, or after this time. */
  void end(long seconds) {
    loop.shutdownNow();
    workers.shutdown();
    try {
      var unused = workers.awaitTermination(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
