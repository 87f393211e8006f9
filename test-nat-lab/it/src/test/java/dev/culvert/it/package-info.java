/** Real NATs, judged by tools that are not ours. */
@NullMarked
package dev.culvert.it;

import org.jspecify.annotations.NullMarked;
