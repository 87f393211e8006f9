/** Benchmarks of the paths that every packet takes; see {@code docs/benchmarks.md}. */
@NullMarked
package dev.culvert.bench;

import org.jspecify.annotations.NullMarked;
