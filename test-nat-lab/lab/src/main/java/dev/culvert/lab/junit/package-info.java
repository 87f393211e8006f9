/**
 * A JUnit 5 extension: tests ask for a lab by annotation and get its hosts as parameters, in either
 * world.
 *
 * <p>Needs JUnit 5.13 or newer on the test class path. Every test has a lab of its own, so tests
 * may run in parallel; with {@code @TestInstance(PER_CLASS)} those of a class share one, and then
 * run one after the other as JUnit has it.
 */
@NullMarked
package dev.culvert.lab.junit;

import org.jspecify.annotations.NullMarked;
