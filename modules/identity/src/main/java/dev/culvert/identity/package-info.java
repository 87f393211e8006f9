/**
 * Who peers are (RFC 8032), what they sign and seal for each other (RFC 9180); keys, certificates
 * (RFC 5280), pins (RFC 7469) and their text forms (RFC 7468).
 *
 * <p>The only importer of Bouncy Castle; what goes in and comes out are the JDK's types. Everything
 * is an immutable value or a static function and safe for any thread. Only {@link
 * dev.culvert.identity.PeerKeyFile} touches files.
 */
@NullMarked
package dev.culvert.identity;

import org.jspecify.annotations.NullMarked;
