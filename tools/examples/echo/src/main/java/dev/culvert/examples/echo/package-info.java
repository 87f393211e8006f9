/** What one peer says comes back from another. */
@NullMarked
package dev.culvert.examples.echo;

import org.jspecify.annotations.NullMarked;
