/**
 * Turns a lab's values into namespaces, interfaces, routes and nftables rules of Linux. Not part of
 * the public API. Everything but {@code Holder} is pure and safe to share between threads.
 */
@NullMarked
package dev.culvert.lab.kernel;

import org.jspecify.annotations.NullMarked;
