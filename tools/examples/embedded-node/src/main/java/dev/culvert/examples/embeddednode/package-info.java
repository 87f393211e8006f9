/** An application that is its own bootstrap node and relay. */
@NullMarked
package dev.culvert.examples.embeddednode;

import org.jspecify.annotations.NullMarked;
