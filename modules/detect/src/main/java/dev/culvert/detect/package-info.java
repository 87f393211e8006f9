/** NAT behaviour discovery in RFC 4787's words, and the verdict. */
@NullMarked
package dev.culvert.detect;

import org.jspecify.annotations.NullMarked;
