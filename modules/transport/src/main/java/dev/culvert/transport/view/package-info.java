/**
 * Paths that have no socket of their own, as the channels and sockets that applications know.
 *
 * <p>What carries a path implements {@link dev.culvert.transport.view.ChannelPath} or {@link
 * dev.culvert.transport.view.SocketPath}, and is called on its event loop only.
 */
@NullMarked
package dev.culvert.transport.view;

import org.jspecify.annotations.NullMarked;
