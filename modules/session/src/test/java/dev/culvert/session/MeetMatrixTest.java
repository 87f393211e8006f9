package dev.culvert.session;

import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeetMatrixTest {
  @Test
  void look() {
    for (Profile one : Profile.all()) {
      for (Profile other : Profile.all()) {
        if (one.name().compareTo(other.name()) > 0) {
          continue;
        }
        long began = System.nanoTime();
        SimTown town = SimTown.between(one, other, 1).build();
        town.meet();
        boolean up = town.await(Duration.ofSeconds(30), town::connected);
        boolean direct = town.await(Duration.ofSeconds(12), town::isDirect);
        System.out.println(
            one.name()
                + " "
                + other.name()
                + " "
                + up
                + " "
                + direct
                + " expected "
                + SimReach.direct(one, other)
                + " "
                + town.lab.elapsed().toMillis()
                + " took "
                + (System.nanoTime() - began) / 1000000);
      }
    }
  }
}
