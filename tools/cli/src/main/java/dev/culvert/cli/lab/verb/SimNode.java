package dev.culvert.cli.lab.verb;

import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.natsim.Resident;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A node on a simulated host. */
final class SimNode implements VerbRun {
  private final List<TransportAddress> addresses;
  private final Resident<Input.BindFailed> resident;
  private String fault = "";
  private boolean stopped;

  SimNode(SimWorld world, String host, List<List<InetAddress>> families) {
    NodeMachine machine = new NodeMachine(families);
    addresses = machine.addresses();
    resident = world.host(host).run(machine, failed -> fault = failed.detail());
    addresses.forEach(address -> resident.listen(Transport.TCP, address));
  }

  @Override
  public boolean isReady() {
    return fault.isEmpty();
  }

  @Override
  public boolean isDone() {
    return stopped || !fault.isEmpty();
  }

  @Override
  public void stop() {
    stopped = true;
    resident.stop();
  }

  @Override
  public int exitCode() {
    return fault.isEmpty() ? 0 : 2;
  }

  @Override
  public Map<String, String> fields() {
    return Map.of("udp", words());
  }

  @Override
  public String output() {
    return fault.isEmpty() ? "ready stun udp=" + words() : fault;
  }

  private String words() {
    return addresses.stream().map(TransportAddress::toString).collect(Collectors.joining(","));
  }
}
