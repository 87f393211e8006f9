package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The wire of a lab that is up, to be given orders. */
final class WireProcess {
  private static final long GRACE_SECONDS = 5;

  private final Process process;
  private final BufferedReader answers;
  private final OutputStream orders;

  private WireProcess(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.orders = process.getOutputStream();
  }

  static WireProcess in(Holder holder) throws LabException {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(holder.enter(LabSpec.WIRE, "/", WireCommand.words()));
      WireProcess wire = new WireProcess(builder.redirectErrorStream(true).start());
      wire.answer();
      return wire;
    } catch (IOException e) {
      throw new LabException(Faults.missing("nsenter", "util-linux"), e);
    }
  }

  /** Has it do something, and waits until it is done. */
  void order(String line) throws LabException {
    try {
      orders.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      orders.flush();
    } catch (IOException e) {
      throw new LabException("the wire of the lab has ended", e);
    }
    answer();
  }

  /** Lets it write what it has captured, and ends it. */
  void end() {
    try {
      orders.close();
      process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      // It has ended by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer() throws LabException {
    String before = "";
    try {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.equals("ok") || line.equals("ready")) {
          return;
        }
        if (line.startsWith("failed ")) {
          throw new LabException("the lab cannot do that: " + line.substring("failed ".length()));
        }
        before = line;
      }
    } catch (LabException e) {
      throw e;
    } catch (IOException e) {
      throw new LabException("the wire of the lab does not answer", e);
    }
    throw new LabException("the wire of the lab has ended: " + before);
  }
}
