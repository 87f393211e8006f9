/**
 * One client that holds an allocation of a relay (RFC 8656) through whatever happens meanwhile.
 *
 * <p>Machines are confined to one thread.
 */
@NullMarked
package dev.culvert.cli.lab.hold;

import org.jspecify.annotations.NullMarked;
