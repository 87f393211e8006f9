package dev.culvert.ice4j;

import dev.culvert.ice.text.IceDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Futures that are owed, all of which end when a connection does. Safe for any thread. */
final class Promises {
  private final List<CompletableFuture<?>> open = new ArrayList<>();
  private final List<CompletableFuture<IceDescription>> wantComplete = new ArrayList<>();
  private boolean over;

  /** One that {@code keeper} is to keep. */
  <T> CompletableFuture<T> make(Consumer<CompletableFuture<T>> keeper) {
    CompletableFuture<T> promise = new CompletableFuture<>();
    boolean late;
    synchronized (this) {
      late = over;
      open.removeIf(CompletableFuture::isDone);
      open.add(promise);
    }
    if (late) {
      promise.completeExceptionally(gone());
    } else {
      keeper.accept(promise);
    }
    return promise;
  }

  /** Kept as soon as a generation has all its candidates. */
  synchronized void whenComplete(CompletableFuture<IceDescription> promise, Generation its) {
    if (its.hasBegun() && its.isGathered()) {
      promise.complete(its.description());
    } else {
      wantComplete.add(promise);
    }
  }

  void completed(IceDescription all) {
    List<CompletableFuture<IceDescription>> kept;
    synchronized (this) {
      kept = List.copyOf(wantComplete);
      wantComplete.clear();
    }
    kept.forEach(each -> each.complete(all));
  }

  void abandon() {
    List<CompletableFuture<?>> left;
    synchronized (this) {
      over = true;
      left = List.copyOf(open);
      open.clear();
      wantComplete.clear();
    }
    left.forEach(each -> each.completeExceptionally(gone()));
  }

  private static IllegalStateException gone() {
    return new IllegalStateException("the connection is closed");
  }
}
