package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Every kind of test again for somebody without privileges, in a user namespace. */
@Isolated("it measures too")
class OrdinaryUserTest {

  @Test
  @Timeout(600)
  void everythingHoldsForAnOrdinaryUser() throws Exception {
    List<String> words =
        ChildJvm.ordinary(
            ChildJvm.java(
                TestsOfAnotherUser.class,
                ProfileProofTest.class.getName(),
                LinkTest.class.getName(),
                WorldTest.class.getName(),
                OptionsTest.class.getName(),
                HostCodeTest.class.getName(),
                CommandTest.class.getName()));
    Child child = Child.run(590, words);
    assertEquals(0, child.exitCode(), child.output());
    int ran = Integer.parseInt(child.output().replaceFirst("(?s).*passed ([0-9]+)\\s*$", "$1"));
    assertTrue(ran >= 27, child.output());
  }
}
