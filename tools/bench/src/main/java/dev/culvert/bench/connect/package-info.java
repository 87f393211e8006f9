/** Peers that the benchmark of connecting to a key starts on hosts of a lab. */
@NullMarked
package dev.culvert.bench.connect;

import org.jspecify.annotations.NullMarked;
