/** Keys, certificates and pins; hands out JDK types. */
module dev.culvert.identity {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires org.bouncycastle.provider;
  requires org.bouncycastle.pkix;

  exports dev.culvert.identity;
}
