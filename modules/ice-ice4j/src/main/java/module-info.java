/** ICE on ice4j, behind the interface that our own engine has. */
@SuppressWarnings("requires-automatic")
module dev.culvert.ice4j {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.stun;
  requires transitive dev.culvert.ice;
  requires ice4j;
  requires java.desktop;
  requires java.logging;
  requires org.slf4j;

  exports dev.culvert.ice4j;
}
