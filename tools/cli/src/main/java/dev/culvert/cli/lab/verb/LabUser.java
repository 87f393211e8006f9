package dev.culvert.cli.lab.verb;

import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import java.util.List;

/** The one user of every relay in a lab, which no packet leaves. */
final class LabUser {
  static final String REALM = "lab.invalid";
  static final String NAME = "lab";
  static final String PASSWORD = "lab";

  private LabUser() {}

  /** What a relay knows that has this password for it. */
  static StaticUsers store(String password) {
    return new StaticUsers(new RelayRealm(REALM), List.of(StaticUser.withPassword(NAME, password)));
  }
}
