/** A file sent to a peer, and checked. */
@NullMarked
package dev.culvert.examples.sendfile;

import org.jspecify.annotations.NullMarked;
