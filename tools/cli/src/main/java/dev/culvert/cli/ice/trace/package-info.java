/**
 * Traces of ICE as JSON lines ({@code docs/ice-trace.md}): written as things happen, read with what
 * is unknown or cut off passed over.
 *
 * <p>Values are immutable; readers and writers are confined to one thread.
 */
@NullMarked
package dev.culvert.cli.ice.trace;

import org.jspecify.annotations.NullMarked;
