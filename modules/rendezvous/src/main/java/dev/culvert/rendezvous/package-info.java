/**
 * What peers and nodes say of themselves, signed: records that anybody may pass on and nobody can
 * change.
 *
 * <p>Immutable values, safe for any thread.
 */
@NullMarked
package dev.culvert.rendezvous;

import org.jspecify.annotations.NullMarked;
