/** Peers that the benchmark of connecting starts on hosts of a lab. */
@NullMarked
package dev.culvert.bench.ice;

import org.jspecify.annotations.NullMarked;
