/** Tests of the relay's engine, in virtual time and without sockets. */
@NullMarked
package dev.culvert.turn.server;

import org.jspecify.annotations.NullMarked;
