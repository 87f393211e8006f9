package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a manager hears it is proved by systemd itself: tools/test-operations. */
class ServiceNoticeTest {
  @TempDir private Path folder;

  @Test
  void aManagerThatIsGoneIsNoFault() {
    assertFalse(ServiceNotice.send(folder.resolve("nobody").toString(), ServiceNotice.READY));
  }

  @Test
  void nobodyHasThisAbstractName() {
    assertFalse(ServiceNotice.send("@culvert/nobody/" + folder, ServiceNotice.READY));
  }
}
