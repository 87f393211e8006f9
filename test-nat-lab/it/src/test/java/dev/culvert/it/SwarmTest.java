package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One file, from several peers behind different NATs at once: one of them is killed half way, then
 * every node that anybody was told of, and still a newcomer gets in.
 */
class SwarmTest {
  private static final int PIECES = 64;
  private static final int PIECE = 1 << 17;

  /** So slow that there is a half way. */
  private static final String[] SLOWLY = {"--upload", "160000"};

  private static final Pattern COMPLETED =
      Pattern.compile(
          "completed .*: ([0-9]+) pieces direct, ([0-9]+) relayed, of ([0-9]+) peers, at most"
              + " ([0-9]+) at once");

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private final List<String> nodes = new ArrayList<>();

  @AfterEach
  void down() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** A peer of the swarm on a host. */
  private final class Member {
    final LabProcess process;

    /**
     * Starts one.
     *
     * @param command of the README: 0 shares, 1 fetches
     */
    Member(Lab lab, String host, int command, String... more) throws Exception {
      List<String> options = new ArrayList<>(Arrays.asList(more));
      nodes.stream().skip(1).forEach(each -> options.addAll(List.of("--node", each)));
      Map<String, String> its = new HashMap<>(variables);
      its.put("NODE", nodes.get(0));
      its.put("COPY", copy(host).toString());
      process =
          ExampleReadme.of("swarm")
              .start(command, lab.host(host), its, options.toArray(new String[0]));
      open.add(process);
    }

    /** What stands after the first {@code beginning} of a line. */
    String await(String beginning) throws Exception {
      return process
          .await(its -> its.lines().anyMatch(each -> each.startsWith(beginning)), Limits.SLOW)
          .lines()
          .filter(each -> each.startsWith(beginning))
          .findFirst()
          .orElseThrow()
          .substring(beginning.length());
    }

    long taken() {
      return process.lines().stream().filter(each -> each.startsWith("took ")).count();
    }

    long takenFrom(String peer) {
      return process.lines().stream()
          .filter(each -> each.startsWith("took ") && each.contains(" from " + peer + " "))
          .count();
    }
  }

  private Path copy(String host) {
    return folder.resolve("copy-" + host);
  }

  private NodeUnderTest node(Lab lab, String host) throws Exception {
    NodeUnderTest node = NodeUnderTest.on(lab.host(host), folder);
    open.add(node);
    nodes.add(node.known());
    return node;
  }

  private void assertWhole(String host) throws Exception {
    assertEquals(-1, Files.mismatch(folder.resolve("file"), copy(host)));
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void itLivesOn() throws Exception {
    byte[] content = new byte[PIECES * PIECE];
    new Random(1).nextBytes(content);
    Files.write(folder.resolve("file"), content);
    variables.put("FILE", folder.resolve("file").toString());
    Lab lab =
        Lab.up(
            LabSpec.builder()
                .server("n1", 2)
                .server("n2", 1)
                .home("o", "open")
                .home("a", "prc+ipv6=none")
                .home("b", "arc+ipv6=none")
                .home("d", "prc+ipv6=none")
                .home("e", "full+ipv6=none")
                .home("f", "sym+ipv6=none")
                .build());
    open.add(lab);
    NodeUnderTest first = node(lab, "n1");
    NodeUnderTest second = node(lab, "n2");

    // One that can be reached serves the others; it is all that they are told of the swarm.
    String ip = IpLiterals.format(lab.host("o").ipv4().get(0), false);
    Member serving = new Member(lab, "o", 0, "--serve", ip, SLOWLY[0], SLOWLY[1]);
    String servingId = serving.await("id ");
    variables.put("PEER", servingId);
    variables.put("NAME", serving.await("name "));
    String servingNode = serving.await("serving ");
    Member one = new Member(lab, "a", 0, servingId, SLOWLY[0], SLOWLY[1]);
    Member mortal = new Member(lab, "b", 0, servingId, SLOWLY[0], SLOWLY[1]);
    String mortalId = mortal.await("id ");
    one.await("joined " + servingId);
    mortal.await("joined " + servingId);
    Member left = new Member(lab, "d", 1);
    Member right = new Member(lab, "e", 1);
    String leftId = left.await("id ");
    String rightId = right.await("id ");

    // One of three is killed half way.
    left.process.await(
        its -> left.takenFrom(mortalId) > 2 && left.taken() > PIECES / 4, Limits.SLOW);
    mortal.process.kill();
    long half = left.taken();
    assertTrue(half < PIECES, "it was killed too late");
    String told = left.await("completed ");
    right.await("completed ");
    assertWhole("d");
    assertWhole("e");
    for (Member each : List.of(left, right)) {
      Matcher result = COMPLETED.matcher(each.process.output());
      assertTrue(result.find(), told);
      int direct = Integer.parseInt(result.group(1));
      int relayed = Integer.parseInt(result.group(2));
      assertEquals(PIECES, direct + relayed);
      assertTrue(direct > relayed, result.group());
      assertTrue(Integer.parseInt(result.group(3)) >= 3, result.group());
      assertTrue(Integer.parseInt(result.group(4)) >= 2, result.group());
    }
    assertTrue(
        left.takenFrom(rightId) + right.takenFrom(leftId) > 0, "who fetches serves, meanwhile");

    // All nodes that anybody was told of are killed. What the peers heard of remains.
    String beginning = "knows ";
    left.await(beginning + servingNode);
    one.await(beginning + servingNode);
    first.kill();
    second.kill();
    left.await("attached " + servingId);
    nodes.clear();
    nodes.add(servingNode);
    variables.put("PEER", leftId);
    Member newcomer = new Member(lab, "f", 1);
    newcomer.await("completed ");
    assertWhole("f");
  }
}
