/** The culvert command. */
@NullMarked
package dev.culvert.cli;

import org.jspecify.annotations.NullMarked;
