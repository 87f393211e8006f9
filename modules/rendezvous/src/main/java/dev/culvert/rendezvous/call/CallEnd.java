package dev.culvert.rendezvous.call;

/** Why a call is over. */
public enum CallEnd {
  /** No node knows a peer with that id. */
  UNKNOWN_PEER("no node knows that peer"),
  /** The peer is known, and connected to no node where it could be reached. */
  OFFLINE("the peer is not connected to any node"),
  /** The peer said no. */
  DECLINED("the peer declined"),
  /** The peer has too many calls. */
  BUSY("the peer has too many calls"),
  /** The peer had its nodes keep this one away. */
  BLOCKED("the peer wants to hear nothing from this one"),
  /** This side has too many calls, or nodes said that there are too many signals. */
  QUOTA("there are too many calls, or too many signals"),
  /** There is no node to ask. */
  NO_NODE("no node can be reached"),
  /** Nothing came back in time; somebody who does not want the call does not answer either. */
  TIMED_OUT("the peer does not answer"),
  /** A node gave the record of somebody else, or one with which nothing can be sealed. */
  NOT_WHO_IT_SAYS("a node told of somebody else as that peer"),
  /** There is no path to the peer, or none any more. */
  NO_PATH("there is no path to the peer"),
  /** The peer ended it. */
  PEER_LEFT("the peer ended the call"),
  /** This side ended it. */
  CLOSED("this side ended the call");

  private final String words;

  CallEnd(String words) {
    this.words = words;
  }

  /** One line for people. */
  public String words() {
    return words;
  }
}
