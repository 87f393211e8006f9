/**
 * One lab in either of two worlds: the kernel's NATs in real time, or the simulator's in virtual
 * time.
 *
 * <p>A {@link dev.culvert.lab.world.LabWorld} is used by one thread at a time.
 */
@NullMarked
package dev.culvert.lab.world;

import org.jspecify.annotations.NullMarked;
