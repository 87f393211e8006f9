/**
 * {@code culvert lab matrix}: a verb over all pairs of profiles, as text, JSON, JUnit XML and HTML.
 *
 * <p>Commands run on the main thread.
 */
@NullMarked
package dev.culvert.cli.lab.matrix;

import org.jspecify.annotations.NullMarked;
