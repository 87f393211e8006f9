package dev.culvert.lab.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which host of the lab a parameter stands for: a {@link dev.culvert.lab.host.TestHost}, an {@link
 * java.net.InetAddress} (its first one), {@link java.net.Inet4Address} or {@link
 * java.net.Inet6Address}; routers have addresses alone.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Host {

  /** Its name in the lab. */
  String value();
}
