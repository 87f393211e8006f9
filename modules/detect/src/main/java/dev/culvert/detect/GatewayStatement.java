package dev.culvert.detect;

import java.net.InetAddress;

/**
 * What a router says about its own outside address.
 *
 * @param outside the address
 * @param protocol how it was asked, for people: {@code NAT-PMP}, {@code UPnP}, {@code PCP}
 */
public record GatewayStatement(InetAddress outside, String protocol) {}
