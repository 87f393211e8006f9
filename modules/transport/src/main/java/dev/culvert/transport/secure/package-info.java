/**
 * TLS and DTLS as far as the drivers of machines and the server share them: engines, and DTLS
 * associations on a UDP socket. For this module only.
 */
@NullMarked
package dev.culvert.transport.secure;

import org.jspecify.annotations.NullMarked;
