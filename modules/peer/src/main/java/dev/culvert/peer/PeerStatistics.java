package dev.culvert.peer;

/**
 * What went over a {@link PeerConnection} so far.
 *
 * @param sentPackets QUIC packets
 * @param receivedPackets QUIC packets
 * @param lostPackets QUIC packets that were taken for lost
 * @param sentBytes of those packets
 * @param receivedBytes of those packets
 * @param droppedDatagrams datagrams of the application for which there was no room, in and out
 */
public record PeerStatistics(
    long sentPackets,
    long receivedPackets,
    long lostPackets,
    long sentBytes,
    long receivedBytes,
    long droppedDatagrams) {}
