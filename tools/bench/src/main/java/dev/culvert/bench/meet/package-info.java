/** A rendezvous node under load, and the crowd of peers that is the load. */
@NullMarked
package dev.culvert.bench.meet;

import org.jspecify.annotations.NullMarked;
