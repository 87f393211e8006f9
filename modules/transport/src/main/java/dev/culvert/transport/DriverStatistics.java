package dev.culvert.transport;

/**
 * What a {@link MachineDriver} swallowed so far.
 *
 * @param machineFailures exceptions that the machine threw; each is logged, and the connection
 *     whose bytes caused it closed
 * @param listenerFailures exceptions that the event listener threw; each is logged
 * @param sendsDropped datagrams and bytes that could not be sent: no such socket, its queue full,
 *     or the system refused
 * @param connectionsRefused accepted connections that were closed at once because too many stood
 * @param overflows connections that were closed because the other side did not read
 */
public record DriverStatistics(
    long machineFailures,
    long listenerFailures,
    long sendsDropped,
    long connectionsRefused,
    long overflows) {}
