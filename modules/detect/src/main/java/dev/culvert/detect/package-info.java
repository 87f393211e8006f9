/**
 * NAT behaviour discovery (RFC 5780) in RFC 4787's words: An engine gathers evidence and concludes
 * in a {@link dev.culvert.detect.NatReport}, which {@link dev.culvert.detect.Verdict} puts into
 * words.
 *
 * <p>A field of the report is right or says that it is unknown and why; {@code
 * docs/adr/0007-how-detect-decides.md} lists what counts as evidence. Values are immutable and safe
 * to share between threads; the machine is confined to one.
 */
@NullMarked
package dev.culvert.detect;

import org.jspecify.annotations.NullMarked;
