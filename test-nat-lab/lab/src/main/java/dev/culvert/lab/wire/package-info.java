/**
 * Links with delay, loss and a rate for kernels without netem: a process of its own that carries
 * frames between pairs of interfaces. Not part of the public API. One thread does everything.
 */
@NullMarked
package dev.culvert.lab.wire;

import org.jspecify.annotations.NullMarked;
