/** NAT behaviour discovery in RFC 4787's words, and the verdict. */
module dev.culvert.detect {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.stun;

  exports dev.culvert.detect;
}
