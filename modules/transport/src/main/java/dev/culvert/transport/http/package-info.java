/**
 * HTTP/1.1 for small answers (RFC 9110, RFC 9112): a node's health, metrics and status, on a
 * listener of its own or inside the TLS connections of a {@link
 * dev.culvert.transport.server.StunServer}. Requests are answered on event loops.
 */
@NullMarked
package dev.culvert.transport.http;

import org.jspecify.annotations.NullMarked;
