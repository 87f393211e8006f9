/**
 * HTTP/1.1 on a Netty channel: reads requests, has an {@link
 * dev.culvert.transport.http.HttpService} answer them one by one, and ends what takes too long. For
 * this module only.
 */
@NullMarked
package dev.culvert.transport.http.wire;

import org.jspecify.annotations.NullMarked;
