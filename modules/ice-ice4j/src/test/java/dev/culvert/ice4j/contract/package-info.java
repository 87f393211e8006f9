/** What every engine of ICE is held to, and each engine's way to be made. */
@NullMarked
package dev.culvert.ice4j.contract;

import org.jspecify.annotations.NullMarked;
