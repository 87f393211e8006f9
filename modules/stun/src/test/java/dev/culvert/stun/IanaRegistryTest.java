package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.UnknownAttribute;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Our constants against IANA's tables, in both directions. */
class IanaRegistryTest {
  private static final Pattern WAS = Pattern.compile(".*was ([A-Za-z-]+).*");

  @Test
  void attributes() throws ReflectiveOperationException {
    Map<Integer, String> registered = registry("stun-attributes");
    Map<Integer, String> ours = new TreeMap<>();
    for (Field field : AttributeType.class.getFields()) {
      int type = field.getInt(null);
      ours.put(type, AttributeType.name(type));
      assertEquals(field.getName(), AttributeType.name(type).replace('-', '_').replace(' ', '_'));
    }
    assertEquals(registered, ours);
  }

  @Test
  void methods() throws ReflectiveOperationException {
    Map<Integer, String> ours = new TreeMap<>();
    for (Field field : Method.class.getFields()) {
      Method method = (Method) field.get(null);
      ours.put(method.value(), method.toString());
      assertEquals(
          field.getName(),
          method.toString().replaceAll("(?<=[a-z])(?=[A-Z])|-", "_").toUpperCase(Locale.ROOT));
    }
    assertEquals(registry("stun-methods"), ours);
  }

  @Test
  void errorCodes() throws ReflectiveOperationException {
    Map<Integer, String> ours = new TreeMap<>();
    for (Field field : ErrorCode.class.getFields()) {
      int code = field.getInt(null);
      ours.put(code, ErrorCode.of(code).reason());
      assertEquals(
          field.getName(), ErrorCode.of(code).reason().replace(' ', '_').toUpperCase(Locale.ROOT));
    }
    assertEquals(registry("stun-error-codes"), ours);
  }

  @Test
  void passwordAlgorithms() throws ReflectiveOperationException {
    Map<Integer, String> ours = new TreeMap<>();
    for (Field field : PasswordAlgorithm.class.getFields()) {
      ours.put(field.getInt(null), field.getName().replace('_', '-'));
      assertTrue(IntegrityKey.isSupported(PasswordAlgorithm.of(field.getInt(null))));
    }
    assertEquals(registry("stun-password-algorithms"), ours);
  }

  @Test
  void securityFeatures() {
    Map<Integer, String> ours = new TreeMap<>();
    for (SecurityFeature feature : SecurityFeature.values()) {
      String name = feature.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      ours.put(feature.bit(), name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
    }
    assertEquals(registry("stun-security-features"), ours);
  }

  /** Every attribute of the RFCs that this house implements has a class of its own. */
  @Test
  void attributesOfOurRfcsAreDecoded() {
    Pattern implemented = Pattern.compile(".*RFC(8489|8656|8445|5780|6062).*");
    TreeSet<String> missing = new TreeSet<>();
    for (String[] row : rows("stun-attributes")) {
      if (row.length > 2
          && implemented.matcher(row[2]).matches()
          && !row[1].matches("Reserved( \\(.*)?|Reserved; was PASSWORD .*")) {
        for (int length = 0; length <= 32; length++) {
          Attribute.decode(
                  Integer.decode(row[0]), Bytes.wrap(new byte[length]), new TransactionId(0, 0))
              .filter(UnknownAttribute.class::isInstance)
              .ifPresent(unknown -> missing.add(row[1]));
        }
      }
    }
    assertEquals(new TreeSet<>(), missing);
    assertInstanceOf(
        UnknownAttribute.class,
        Attribute.decode(0x8025, Bytes.empty(), new TransactionId(0, 0)).orElseThrow());
  }

  /** Numbers to names; "Reserved; was X" counts as X, ranges and plain "Reserved" do not count. */
  private static Map<Integer, String> registry(String table) {
    return rows(table).stream()
        .filter(row -> !row[0].matches("[^-]+-[^-]+"))
        .map(row -> Map.entry(Integer.decode(row[0]), name(row[1])))
        .filter(entry -> !entry.getValue().isEmpty())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
  }

  private static String name(String registered) {
    Matcher was = WAS.matcher(registered);
    if (was.matches()) {
      return was.group(1);
    }
    return registered.matches("Reserved|Unassigned") ? "" : registered;
  }

  private static List<String[]> rows(String table) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    IanaRegistryTest.class.getResourceAsStream("/iana/" + table + ".csv")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("Value,"))
          .map(line -> line.split(",", 3))
          .map(row -> Arrays.stream(row).map(String::strip).toArray(String[]::new))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
