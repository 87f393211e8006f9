package dev.culvert.lab.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Asks for a lab for every test of a class, or for one method, whose own annotation then stands
 * alone.
 *
 * <p>Either {@link #homes}, {@link #servers} and {@link #links} say what is in it, or {@link
 * #scenario} does. Parameters of constructors, of tests and of {@code @BeforeEach} and
 * {@code @AfterEach} methods may then be the {@link dev.culvert.lab.world.LabWorld}, its {@link
 * dev.culvert.lab.host.WorldHosts}, or what {@link Host} names. A class with
 * {@code @TestInstance(PER_CLASS)} has one lab, whose parameters {@code @BeforeAll} gets too.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(NatLabExtension.class)
public @interface NatLab {

  /**
   * Hosts, each behind routers of its own: {@code NAME=PROFILE} as in {@code culvert lab up}, for
   * example {@code a=prc}, {@code b=sym+timeout=30s}, {@code c=same:a}.
   */
  String[] homes() default {};

  /**
   * Servers in the Internet: {@code NAME=N} with N addresses of each family. None named: {@code
   * s1=2} and {@code s2=1}.
   */
  String[] servers() default {};

  /** What lines do to packets: {@code NAME=delay:50ms,loss:20%} as in {@code culvert lab up}. */
  String[] links() default {};

  /**
   * A scenario file: a resource beside the test class or from the root of its class path, or a
   * path; or, if it has several lines, the text itself. The lab is what it describes. A test may
   * have the {@link dev.culvert.lab.scenario.Scenario} as a parameter too, and give its steps to a
   * {@link dev.culvert.lab.scenario.ScenarioRunner}; nothing runs them by itself.
   */
  String scenario() default "";

  /**
   * Whence all chance comes, unless 0, which leaves it to the scenario; the configuration parameter
   * or system property {@code culvert.lab.seed} overrides it.
   */
  long seed() default 0;

  /** Where to run. */
  Worlds world() default Worlds.AUTOMATIC;

  /** What to do where the kernel's NATs are wanted and no lab can start. */
  IfUnavailable ifUnavailable() default IfUnavailable.FAIL;
}
