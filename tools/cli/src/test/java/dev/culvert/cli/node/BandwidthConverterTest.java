package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class BandwidthConverterTest {
  private final BandwidthConverter converter = new BandwidthConverter();

  @ParameterizedTest
  @CsvSource({"0, 0", "8kbit, 1000", "10mbit, 1250000", "1gbit, 125000000"})
  void readsBitsAsBytes(String text, long bytesPerSecond) {
    assertEquals(bytesPerSecond, converter.convert(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "mbit",
        "0mbit",
        "-1mbit",
        "1.5mbit",
        "10MB",
        "10mbps",
        "9999999999mbit"
      })
  void wantsAUnit(String text) {
    assertThrows(TypeConversionException.class, () -> converter.convert(text));
  }
}
