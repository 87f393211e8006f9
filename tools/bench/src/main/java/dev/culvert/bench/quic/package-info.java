/** Ends of QUIC connections that the benchmark of their speed starts. */
@NullMarked
package dev.culvert.bench.quic;

import org.jspecify.annotations.NullMarked;
