/**
 * A verb over all pairs of profiles, what theory expects of it, and the outcome as JUnit XML and
 * HTML.
 *
 * <p>Theory is that of RFC 4787 and RFC 5128. Values are immutable; a {@link
 * dev.culvert.lab.matrix.Matrix} runs on the calling thread and threads of its own, which end with
 * the run.
 */
@NullMarked
package dev.culvert.lab.matrix;

import org.jspecify.annotations.NullMarked;
