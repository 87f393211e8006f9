package dev.culvert.transport;

import dev.culvert.sansio.Output;

/** One socket or connection of a driver, used on the driver's event loop only. */
interface Endpoint {

  /** Hands bytes to the channel without flushing it. */
  void send(Output.Send send);

  /** Lets the system have what was sent. */
  void flush();

  /** Ends it, after what was sent before; the machine hears nothing of it. */
  void close();
}
