/** A deterministic virtual Internet with NATs; knows only machines. */
@NullMarked
package dev.culvert.natsim;

import org.jspecify.annotations.NullMarked;
