package dev.culvert.rendezvous.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTextTest {
  private static final Bytes KEY = Bytes.wrap(new byte[32]);
  private static final String KEY_TEXT = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private static Optional<CallBody> read(String text) {
    return CallText.read(Bytes.utf8(text.replace('\'', '"').replace("KEY", KEY_TEXT)));
  }

  @Test
  void everyMessageIsReadAsItWasWritten() {
    List<CallMessage> all =
        List.of(
            new CallMessage.Offer(Optional.empty()),
            new CallMessage.Offer(Optional.of(KEY)),
            new CallMessage.Ringing(),
            new CallMessage.Answer("{\"a\":\"\\u00e4\n\"}"),
            new CallMessage.Answer("{}", Optional.of(Bytes.wrap(new byte[16]))),
            new CallMessage.Describe(""),
            new CallMessage.Decline(true),
            new CallMessage.Decline(false),
            new CallMessage.Bye("over \"and\" out"),
            new CallMessage.Bye("", true),
            new CallMessage.Sync(5),
            new CallMessage.Synced(5, 6),
            new CallMessage.Ack());
    for (CallMessage each : all) {
      Optional<Long> sequence = each.isOrdered() ? Optional.of(3L) : Optional.empty();
      CallBody body = new CallBody(sequence, 9, KEY, each);
      assertEquals(Optional.of(body), CallText.read(CallText.write(body)));
    }
  }

  @Test
  void theFormIsWhatThePackageTells() {
    CallBody offer = new CallBody(Optional.of(0L), 0, KEY, new CallMessage.Offer(Optional.empty()));
    assertEquals(
        "{\"v\":1,\"t\":\"offer\",\"seq\":0,\"ack\":0,\"key\":\"" + KEY_TEXT + "\"}",
        CallText.write(offer).utf8());
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() {
    assertEquals(
        Optional.of(new CallBody(Optional.of(1L), 0, KEY, new CallMessage.Ringing())),
        read("{'x':[{'y':null}],'v':1,'t':'ringing','seq':1,'ack':0,'key':'KEY','z':1.5}"));
    assertEquals(
        Optional.of(new CallBody(Optional.of(1L), 0, KEY, new CallMessage.Unknown())),
        read("{'v':1,'t':'dance','seq':1,'ack':0,'key':'KEY'}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "null",
        "{'v':2,'t':'ringing','seq':1,'ack':0,'key':'KEY'}",
        "{'v':1,'t':'ringing','ack':0,'key':'KEY'}",
        "{'v':1,'t':'ack','seq':1,'ack':0,'key':'KEY'}",
        "{'v':1,'t':'ringing','seq':-1,'ack':0,'key':'KEY'}",
        "{'v':1,'t':'ringing','seq':1,'key':'KEY'}",
        "{'v':1,'t':'ringing','seq':1,'ack':0}",
        "{'v':1,'t':'ringing','seq':1,'ack':0,'key':'AA'}",
        "{'v':1,'t':'ringing','seq':1,'ack':0,'key':'***'}",
        "{'v':1,'t':'ringing','seq':1,'ack':9007199254740992,'key':'KEY'}",
        "{'v':1,'t':'ringing','seq':1,'ack':99999999999999999999999,'key':'KEY'}",
        "{'v':1,'t':'answer','seq':1,'ack':0,'key':'KEY'}",
        "{'v':1,'t':'offer','proof':'AA','seq':0,'ack':0,'key':'KEY'}",
        "{'v':1,'t':'ringing','t':'bye','seq':1,'ack':0,'key':'KEY'}",
        "{'v':1,'t':'ringing','seq':1,'ack':0,'key':'KEY'} x",
      })
  void anythingElseIsNothing(String text) {
    assertEquals(Optional.empty(), read(text));
  }

  @Test
  void noBytesMakeItThrow() {
    Random random = new Random(1);
    Bytes good =
        CallText.write(new CallBody(Optional.of(1L), 0, KEY, new CallMessage.Answer("{}")));
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.toByteArray();
      for (int j = 0; j < 3; j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      CallText.read(Bytes.wrap(bytes))
          .filter(its -> !(its.message() instanceof CallMessage.Unknown))
          .ifPresent(its -> assertEquals(Optional.of(its), CallText.read(CallText.write(its))));
    }
  }

  @Test
  void numbersAreTakenOnce() {
    ReplayWindow window = new ReplayWindow();
    assertTrue(window.take(5));
    assertFalse(window.take(5));
    assertTrue(window.take(0));
    assertFalse(window.take(-1));
    assertTrue(window.take(1024));
    assertFalse(window.take(0), "too old to know");
    assertTrue(window.take(1));
    assertTrue(window.take(Long.MAX_VALUE));
    assertFalse(window.take(Long.MAX_VALUE));
    assertFalse(window.take(1025));
    assertTrue(window.take(Long.MAX_VALUE - 1));
  }
}
