package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.culvert.detect.PortAllocation.Pattern;
import java.util.ArrayList;
import java.util.List;

/** What is true of a network, held against what a report says about it. */
record Oracle(
    boolean nat,
    Behaviour mapping,
    Behaviour filtering,
    Pattern pattern,
    int step,
    boolean hairpinning) {

  /** Fails if anything that is claimed is wrong; what is unknown passes. */
  void neverWrong(PathReport path, String run) {
    List<String> wrong = new ArrayList<>();
    compare(wrong, "nat", path.nat(), nat);
    compare(wrong, "mapping", path.mapping(), mapping);
    compare(wrong, "consistent", path.consistent(), mapping == Behaviour.ENDPOINT_INDEPENDENT);
    compare(wrong, "filtering", path.filtering(), filtering);
    compare(wrong, "firewall", path.firewall(), filtering != Behaviour.ENDPOINT_INDEPENDENT);
    compare(wrong, "ports", path.ports(), new PortAllocation(pattern, step));
    compare(wrong, "hairpinning", path.hairpinning(), hairpinning);
    compare(wrong, "large", path.largeRequests(), true);
    compare(wrong, "fragmented", path.fragmentedRequests(), true);
    compare(wrong, "rewriting", path.payloadRewriting(), false);
    compare(wrong, "paired", path.pairedAddress(), true);
    if (!wrong.isEmpty()) {
      fail(run + ": wrong about " + wrong + "\nin " + path);
    }
  }

  /** Fails unless the main questions are answered, and rightly. */
  void complete(PathReport path, String run) {
    neverWrong(path, run);
    assertTrue(path.nat().is(nat), () -> run + ": nat in " + path);
    assertTrue(path.mapping().is(mapping), () -> run + ": mapping in " + path);
    assertTrue(path.filtering().is(filtering), () -> run + ": filtering in " + path);
  }

  private static <T> void compare(List<String> wrong, String what, Finding<T> found, T truth) {
    if (found.value().isPresent() && !found.is(truth)) {
      wrong.add(what + " (" + found + ", not " + truth + ")");
    }
  }
}
