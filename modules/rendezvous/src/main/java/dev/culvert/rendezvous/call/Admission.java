package dev.culvert.rendezvous.call;

/** Why a caller is let through. */
public enum Admission {
  /** Everybody may call. */
  OPEN,
  /** It is one of the contacts. */
  CONTACT,
  /** It has shown that it was invited. */
  INVITED
}
