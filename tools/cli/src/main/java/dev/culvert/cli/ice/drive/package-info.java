/**
 * {@code culvert ice drive}: connections that another program opens, feeds and hears of by lines of
 * JSON ({@code docs/ice.md}).
 *
 * <p>Orders are carried out on the thread that reads them; events come from threads of engines and
 * are written by a thread of their own.
 */
@NullMarked
package dev.culvert.cli.ice.drive;

import org.jspecify.annotations.NullMarked;
