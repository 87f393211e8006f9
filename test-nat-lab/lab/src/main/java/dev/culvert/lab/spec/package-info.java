/**
 * What a lab consists of, as values: hosts, NATs by the words of RFC 4787, routers behind routers,
 * links and address plans. Nothing here touches a kernel; all of it is immutable and safe to share
 * between threads.
 */
@NullMarked
package dev.culvert.lab.spec;

import org.jspecify.annotations.NullMarked;
