package dev.culvert.cli.connect.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTransferTest {
  private static final int SIZE = 300_000;

  @TempDir Path home;
  private Path folder = Path.of("");
  private Loopback loopback;

  FileTransferTest() throws IOException {
    loopback = new Loopback(TwoWay::close);
  }

  @BeforeEach
  void open() throws IOException {
    loopback.close();
    folder = Files.createDirectory(home.resolve("inbox"));
    loopback =
        Loopback.serving(new Services(Optional.empty(), Set.of(), Optional.of(Inbox.at(folder))));
  }

  @AfterEach
  void close() throws IOException {
    loopback.close();
  }

  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(home.resolve(name), content);
  }

  private static Purpose.File offer(String name, byte[] content) {
    var digest = Digest.sha256();
    digest.update(content);
    return new Purpose.File(name, content.length, Digest.hex(digest));
  }

  private FileSending.Sent send(Path file) throws IOException {
    return new FileSending(file, (stage, bytes, all) -> {}).over(loopback::open);
  }

  private List<String> inside() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> String.valueOf(each.getFileName())).sorted().toList();
    }
  }

  private String fault() throws InterruptedException {
    return String.valueOf(loopback.faults.poll(Loopback.PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, SIZE})
  void arrivesWholeUnderItsName(int size) throws Exception {
    byte[] content = content(size);
    FileSending.Sent sent = send(file("a.bin", content));
    assertEquals(0, sent.resumedFrom());
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("a.bin")));
    assertEquals(List.of("a.bin"), inside());
  }

  @Test
  void goesOnWhereAnAttemptWasCutOff() throws Exception {
    byte[] content = content(SIZE);
    try (TwoWay stream = loopback.open()) {
      offer("a.bin", content).ask(stream);
      Message.empty().with("from", 0).write(stream.output());
      stream.output().write(content, 0, 100_000);
      stream.output().close();
      assertTrue(fault().contains("200000 bytes too early"));
    }
    assertFalse(Files.exists(folder.resolve("a.bin")), "nobody must take half of it for all");
    assertEquals(100_000, send(file("a.bin", content)).resumedFrom());
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("a.bin")));
    assertEquals(List.of("a.bin"), inside());
  }

  @Test
  void beginsAnewWhereWhatIsThereIsDamaged() throws Exception {
    byte[] content = content(SIZE);
    Purpose.File offer = offer("a.bin", content);
    Path part = folder.resolve(".a.bin." + offer.sha256().substring(0, 16) + ".part");
    byte[] damaged = content(SIZE);
    damaged[7] ^= 1;
    Files.write(part, damaged);
    assertEquals(0, send(file("a.bin", content)).resumedFrom());
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("a.bin")));
    assertEquals(List.of("a.bin"), inside());
  }

  @Test
  void theSameContentDoesNotComeTwice() throws Exception {
    Path file = file("a.bin", content(SIZE));
    send(file);
    assertEquals(SIZE, send(file).resumedFrom());
    assertEquals(List.of("a.bin"), inside());
  }

  @Test
  void nothingIsWrittenOver() throws Exception {
    Files.writeString(folder.resolve("a.bin"), "mine");
    Path file = file("a.bin", content(SIZE));
    StreamFault fault = assertThrows(StreamFault.class, () -> send(file));
    assertTrue(fault.isRefusal());
    assertTrue(String.valueOf(fault.getMessage()).contains("there is another file of that name"));
    assertEquals("mine", Files.readString(folder.resolve("a.bin")));
    assertEquals(List.of("a.bin"), inside());
  }

  @Test
  void linksLeadNobodyOutside() throws Exception {
    byte[] content = content(SIZE);
    Path outside = file("outside", new byte[] {1});
    Files.createSymbolicLink(folder.resolve("a.bin"), home.resolve("not-there"));
    assertThrows(StreamFault.class, () -> send(file("a.bin", content)));
    Purpose.File offer = offer("b.bin", content);
    Files.createSymbolicLink(
        folder.resolve(".b.bin." + offer.sha256().substring(0, 16) + ".part"), outside);
    assertThrows(StreamFault.class, () -> send(file("b.bin", content)));
    assertFalse(Files.exists(home.resolve("not-there")));
    assertEquals(1, Files.size(outside));
  }

  @Test
  void aNameOfSomewhereElseStaysInside() throws Exception {
    byte[] content = content(10);
    try (TwoWay stream = loopback.open()) {
      offer("../../evil\u0000.sh", content).ask(stream);
      Message.empty().with("from", 0).write(stream.output());
      stream.output().write(content);
      stream.output().close();
      Purpose.answer(stream.input());
    }
    assertEquals(List.of("evil_.sh"), inside());
    assertFalse(Files.exists(home.resolve("evil_.sh")));
  }

  @Test
  void contentThatIsNotWhatWasSaidIsThrownAway() throws Exception {
    byte[] content = content(1000);
    try (TwoWay stream = loopback.open()) {
      offer("a.bin", content(1001)).ask(stream);
      Message.empty().with("from", 0).write(stream.output());
      stream.output().write(content);
      stream.output().write(0);
      stream.output().close();
      StreamFault fault = assertThrows(StreamFault.class, () -> Purpose.answer(stream.input()));
      assertTrue(String.valueOf(fault.getMessage()).contains("not what was said"));
    }
    assertEquals(List.of(), inside());
  }

  @Test
  void moreThanWasSaidIsRefused() throws Exception {
    byte[] content = content(1000);
    try (TwoWay stream = loopback.open()) {
      offer("a.bin", content).ask(stream);
      Message.empty().with("from", 0).write(stream.output());
      stream.output().write(content);
      stream.output().write(1);
      StreamFault fault = assertThrows(StreamFault.class, () -> Purpose.answer(stream.input()));
      assertTrue(String.valueOf(fault.getMessage()).contains("more bytes came"));
    }
    assertFalse(Files.exists(folder.resolve("a.bin")));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 5, Long.MAX_VALUE})
  void whoGoesOnFromSomewhereElseIsRefused(long from) throws Exception {
    try (TwoWay stream = loopback.open()) {
      offer("a.bin", content(1000)).ask(stream);
      Message.empty().with("from", from).write(stream.output());
      assertThrows(StreamFault.class, () -> Purpose.answer(stream.input()));
    }
    assertTrue(fault().contains("it goes on from " + from));
  }

  @Test
  void theSameFileComesOnceAtATime() throws Exception {
    byte[] content = content(1000);
    try (TwoWay first = loopback.open();
        TwoWay second = loopback.open()) {
      offer("a.bin", content).ask(first);
      StreamFault fault =
          assertThrows(StreamFault.class, () -> offer("a.bin", content).ask(second));
      assertTrue(String.valueOf(fault.getMessage()).contains("is coming already"));
      Message.empty().with("from", 0).write(first.output());
      first.output().write(content);
      first.output().close();
      Purpose.answer(first.input());
    }
    assertEquals(List.of("a.bin"), inside());
  }

  @Test
  void begunFilesDoNotFillTheFolder() throws Exception {
    for (int i = 0; i < Inbox.MOST_PARTS; i++) {
      Files.write(folder.resolve("." + i + ".0123456789abcdef.part"), new byte[1]);
    }
    StreamFault fault = assertThrows(StreamFault.class, () -> send(file("a.bin", content(10))));
    assertTrue(String.valueOf(fault.getMessage()).contains("too many files were begun"));
  }

  @Test
  void whatNoDiskHasRoomForIsRefusedBeforeItComes() throws Exception {
    Purpose.File offer = new Purpose.File("a.bin", Long.MAX_VALUE, offer("", content(1)).sha256());
    try (TwoWay stream = loopback.open()) {
      StreamFault fault = assertThrows(StreamFault.class, () -> offer.ask(stream));
      assertTrue(String.valueOf(fault.getMessage()).contains("there is no room"));
    }
    assertEquals(List.of(), inside());
  }

  @Test
  void roomThatSomebodyWasPromisedIsNobodyElses() throws Exception {
    String hash = offer("", content(1)).sha256();
    long most = Files.getFileStore(folder).getUsableSpace() / 5 * 3;
    try (TwoWay first = loopback.open();
        TwoWay second = loopback.open()) {
      new Purpose.File("a.bin", most, hash).ask(first);
      Purpose.File other = new Purpose.File("b.bin", most, hash);
      StreamFault fault = assertThrows(StreamFault.class, () -> other.ask(second));
      assertTrue(String.valueOf(fault.getMessage()).contains("there is no room"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ok\":true,\"have\":1000,\"sha256\":\"00\"}",
        "{\"ok\":true,\"have\":9223372036854775807,\"sha256\":\"00\"}",
        "{\"ok\":true,\"have\":-3}",
        "{\"ok\":true}"
      })
  void aReceiverThatLiesGetsAllOfIt(String answer) throws Exception {
    byte[] content = content(2000);
    Path file = file("a.bin", content);
    byte[][] got = new byte[1][];
    Loopback liar =
        new Loopback(
            stream -> {
              try (stream) {
                Purpose.read(stream.input());
                byte[] text = answer.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                stream.output().write(0);
                stream.output().write(text.length);
                stream.output().write(text);
                assertEquals(0, Message.read(stream.input()).number("from").orElseThrow());
                got[0] = stream.input().readAllBytes();
                Purpose.agree(stream.output(), Message.empty());
                stream.output().close();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try (liar) {
      new FileSending(file, (stage, bytes, all) -> {}).over(liar::open);
    }
    assertArrayEquals(content, got[0]);
  }

  @Test
  void aReceiverThatTalksNonsenseIsAFault() throws Exception {
    Path file = file("a.bin", content(2000));
    Loopback fool =
        new Loopback(
            stream -> {
              try (stream) {
                stream.output().write(new byte[] {0, 3, 'a', 'b', 'c'});
                stream.output().close();
                stream.input().readNBytes(2);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try (fool) {
      FileSending sending = new FileSending(file, (stage, bytes, all) -> {});
      assertThrows(IOException.class, () -> sending.over(fool::open));
    }
  }
}
