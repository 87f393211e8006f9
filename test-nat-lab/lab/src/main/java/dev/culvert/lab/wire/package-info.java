/**
 * Links with delay, loss and a rate for kernels without netem, captures and what else no shell
 * command does in a lab: a process of its own. Not part of the public API. One thread does
 * everything.
 */
@NullMarked
package dev.culvert.lab.wire;

import org.jspecify.annotations.NullMarked;
