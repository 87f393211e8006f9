/** Keys, certificates and pins; hands out JDK types. */
@NullMarked
package dev.culvert.identity;

import org.jspecify.annotations.NullMarked;
