package dev.culvert.sansio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytesTest {

  @Test
  void slicesAreEqualToWhatTheyHold() {
    Bytes whole = Bytes.hex("00 01 02 03 04");
    Bytes middle = whole.slice(1, 4);
    assertEquals(Bytes.of(1, 2, 3), middle);
    assertEquals(Bytes.of(1, 2, 3).hashCode(), middle.hashCode());
    assertNotEquals(whole, middle);
    assertEquals("010203", middle.hex());
    assertEquals(Bytes.of(2, 3), middle.slice(1));
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), middle.asByteBuffer());
  }

  @Test
  void readsBigEndian() {
    Bytes bytes = Bytes.hex("fffefdfcfbfaf9f8");
    assertEquals(0xfffe, bytes.uint16(0));
    assertEquals(0xfffefdfc, bytes.int32(0));
    assertEquals(0xfffefdfcfbfaf9f8L, bytes.int64(0));
  }

  @Test
  void copiesAreIndependent() {
    byte[] array = {1, 2};
    Bytes copy = Bytes.copyOf(array);
    array[0] = 9;
    assertEquals(Bytes.of(1, 2), copy);
    copy.toByteArray()[0] = 9;
    assertEquals(Bytes.of(1, 2), copy);
  }

  @Test
  void refusesReadsPastASlice() {
    Bytes middle = Bytes.of(1, 2, 3, 4).slice(1, 3);
    assertThrows(IndexOutOfBoundsException.class, () -> middle.at(2));
    assertThrows(IndexOutOfBoundsException.class, () -> middle.at(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> middle.uint16(1));
    assertThrows(IndexOutOfBoundsException.class, () -> middle.slice(0, 3));
  }

  @Test
  void comparesSecretsByValue() {
    assertTrue(Bytes.of(1, 2).equalsInConstantTime(Bytes.of(0, 1, 2).slice(1)));
    assertFalse(Bytes.of(1, 2).equalsInConstantTime(Bytes.of(1, 3)));
    assertFalse(Bytes.of(1, 2).equalsInConstantTime(Bytes.of(1, 2, 3)));
  }

  @Test
  void areInTheOrderOfTheirUnsignedBytes() {
    List<Bytes> sorted =
        List.of(
            Bytes.empty(),
            Bytes.of(0),
            Bytes.of(0, 255),
            Bytes.of(1, 0),
            Bytes.of(127),
            Bytes.of(128));
    List<Bytes> mixed = new ArrayList<>(sorted);
    Collections.reverse(mixed);
    Collections.sort(mixed);
    assertEquals(sorted, mixed);
    assertEquals(0, Bytes.of(7, 1, 2).slice(1).compareTo(Bytes.of(1, 2)));
  }
}
