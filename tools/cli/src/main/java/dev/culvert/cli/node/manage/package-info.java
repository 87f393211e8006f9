/**
 * How a running node is looked at and managed: the management address with its metrics, health,
 * status page and allocations, and the client that {@code culvert node ctl} is.
 */
@NullMarked
package dev.culvert.cli.node.manage;

import org.jspecify.annotations.NullMarked;
