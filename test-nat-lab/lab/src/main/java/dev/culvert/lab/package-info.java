/** Real NATs of the Linux kernel in network namespaces of their own. */
@NullMarked
package dev.culvert.lab;

import org.jspecify.annotations.NullMarked;
