package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptionFileTest {
  private static final CompletableFuture<Void> NEVER = new CompletableFuture<>();

  @TempDir Path folder;

  @Test
  void whatWasWrittenIsRead() {
    Path file = folder.resolve("offer");
    DescriptionFile.write(file, PasteTest.SDP);
    assertEquals(
        Optional.of(PasteTest.description()),
        DescriptionFile.await(file, System.nanoTime(), NEVER));
  }

  @Test
  void nobodyWaitsOnceAllIsOver() {
    CompletableFuture<Void> over = CompletableFuture.completedFuture(null);
    assertEquals(
        Optional.empty(), DescriptionFile.await(folder.resolve("x"), System.nanoTime(), over));
  }

  @Test
  void whatNobodyWritesIsATimeout() {
    Fault late =
        assertThrows(
            Fault.class,
            () -> DescriptionFile.await(folder.resolve("x"), System.nanoTime(), NEVER));
    assertEquals(ExitCode.TIMEOUT, late.exitCode());
  }
}
