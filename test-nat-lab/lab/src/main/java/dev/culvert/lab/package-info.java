/**
 * Real NATs of the Linux kernel in network namespaces of their own: {@link Lab} starts, finds and
 * ends labs, {@link LabHost} runs programs in them. What a lab consists of is described by the
 * values of {@code dev.culvert.lab.spec} (RFC 4787, RFC 6092, RFC 6598). Everything here may be
 * called from any thread and blocks its caller.
 */
@NullMarked
package dev.culvert.lab;

import org.jspecify.annotations.NullMarked;
