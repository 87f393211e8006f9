/**
 * Whether two hosts reach each other by plain UDP hole punching (RFC 5128 §3.3): the honest
 * baseline, without prediction and without a relay.
 *
 * <p>Machines are confined to one thread.
 */
@NullMarked
package dev.culvert.cli.lab.reach;

import org.jspecify.annotations.NullMarked;
