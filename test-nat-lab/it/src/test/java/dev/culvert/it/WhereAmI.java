package dev.culvert.it;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.util.Arrays;

/** A program that tells the host's address and its own arguments, and ends with 3. */
final class WhereAmI {
  private WhereAmI() {}

  public static void main(String[] words) throws Exception {
    String address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(Inet4Address.class::isInstance)
            .filter(ip -> !ip.isLoopbackAddress())
            .findFirst()
            .orElseThrow()
            .getHostAddress();
    System.out.println(address + " " + Arrays.toString(words));
    System.exit(3);
  }
}
