package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.culvert.transport.Gateways.Gateway;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewaysTest {

  private static String inNativeOrder(String littleEndian) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? littleEndian
        : littleEndian.replaceAll("(..)(..)(..)(..)", "$4$3$2$1");
  }

  @Test
  void readsIpv4Routes() {
    String header = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT";
    assertEquals(
        List.of(
            new Gateway(Loopback.ip("192.168.1.254"), "eth0", 100),
            new Gateway(Loopback.ip("10.0.0.1"), "wlan0", 600)),
        Gateways.parseIpv4(
            List.of(
                header,
                "wlan0\t00000000\t"
                    + inNativeOrder("0100000A")
                    + "\t0003\t0\t0\t600\t00000000\t0\t0\t0",
                "eth0\t00000000\t"
                    + inNativeOrder("FE01A8C0")
                    + "\t0003\t0\t0\t100\t00000000\t0\t0\t0",
                "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
                "tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0",
                "eth1\t00000000\t0101010A\t0002\t0\t0\t0\t00000000\t0\t0\t0",
                "eth1\t00000000\tnonsense\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                "")));
  }

  @Test
  void readsIpv6Routes() {
    String any = "00000000000000000000000000000000";
    assertEquals(
        List.of(
            new Gateway(Loopback.ip("2001:db8::1"), "eth0", 0x64),
            new Gateway(Loopback.ip("fe80::1"), "no-such-card", 0x400)),
        Gateways.parseIpv6(
            List.of(
                any
                    + " 00 "
                    + any
                    + " 00 fe800000000000000000000000000001"
                    + " 00000400 00000001 00000000 00000003 no-such-card",
                any
                    + " 00 "
                    + any
                    + " 00 20010db8000000000000000000000001"
                    + " 00000064 00000001 00000000 00000003     eth0",
                any + " 00 " + any + " 00 " + any + " ffffffff 00000001 00000000 00200200       lo",
                "20010db8000000000000000000000000 40 "
                    + any
                    + " 00 "
                    + any
                    + " 00000100 00000001 00000000 00000001     eth0",
                "nonsense")));
  }

  @Test
  void readsThisMachinesRoutesWhateverTheyAre() {
    for (Gateway gateway : Gateways.all()) {
      assertNotNull(gateway.interfaceName());
    }
  }
}
