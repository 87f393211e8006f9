package dev.culvert.rendezvous.node;

/**
 * What a node has done since it began, and what it has now.
 *
 * @param connections now, proven or not
 * @param peers connected and proven now
 * @param records kept now
 * @param nodes others that are told of, beside those that the configuration names
 * @param proofsFailed signatures that did not hold
 * @param signalsDelivered messages handed on
 * @param signalsRefused messages that were not
 * @param refused requests and connections that were turned away because of a limit
 * @param malformed messages that were none
 */
public record NodeCounts(
    int connections,
    int peers,
    int records,
    int nodes,
    long proofsFailed,
    long signalsDelivered,
    long signalsRefused,
    long refused,
    long malformed) {}
