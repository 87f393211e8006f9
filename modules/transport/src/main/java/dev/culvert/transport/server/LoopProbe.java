package dev.culvert.transport.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Finds out whether an event loop still turns. Safe for every thread. */
final class LoopProbe {
  private final LoopState loop;
  private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);

  LoopProbe(LoopState loop) {
    this.loop = loop;
  }

  /** What the loop completes when it gets to it; one question at a time waits there. */
  synchronized CompletableFuture<Void> ask() {
    if (asked.isDone()) {
      CompletableFuture<Void> question = new CompletableFuture<>();
      asked = question;
      try {
        loop.eventLoop.execute(() -> question.complete(null));
      } catch (RejectedExecutionException closed) {
        question.completeExceptionally(closed);
      }
    }
    return asked.copy();
  }
}
