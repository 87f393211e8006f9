package dev.culvert.lab.spec;

/** Who delays and loses the packets of impaired links. */
public enum Impairment {
  /** The kernel's netem where there is one, otherwise the lab's own forwarder. */
  AUTOMATIC,
  /** The kernel's netem; a lab with impaired links does not start without it. */
  NETEM,
  /** The lab's own forwarder, whose losses repeat with the seed. */
  FORWARDER
}
