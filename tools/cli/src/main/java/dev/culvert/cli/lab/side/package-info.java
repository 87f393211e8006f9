/**
 * What all verbs have in common that put a machine into a process of its own on a host of a lab.
 */
@NullMarked
package dev.culvert.cli.lab.side;

import org.jspecify.annotations.NullMarked;
