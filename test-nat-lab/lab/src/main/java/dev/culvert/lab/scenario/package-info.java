/**
 * Scenario files: a topology, what happens in it, and what must be found, as line-oriented text
 * that runs in either world. {@code docs/nat-lab.md} is the reference of the language.
 *
 * <p>A {@link dev.culvert.lab.scenario.Scenario} is immutable and safe to share; a run of it
 * belongs to one thread, and several may run at once.
 */
@NullMarked
package dev.culvert.lab.scenario;

import org.jspecify.annotations.NullMarked;
