package dev.culvert.detect;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;

/**
 * What was found out about the way from one local address to the Internet.
 *
 * @param family the version of IP
 * @param label the interface's name where the user chose one, otherwise empty
 * @param local the address of the socket that mapping was tested with
 * @param reflexive the same socket's address as servers see it
 * @param udp whether UDP is usable
 * @param tcp whether a server answered STUN over TCP; measured when UDP is silent
 * @param tls whether a server answered STUN over TLS; measured when UDP is silent
 * @param nat whether addresses are translated
 * @param firewall whether packets of those that were not asked first are dropped
 * @param layers how many NATs translate one after another; 0 without any
 * @param carrierGrade whether one of them is a carrier's, by addresses of 100.64.0.0/10 (RFC 6598)
 * @param mapping what the reflexive address depends on (RFC 4787 §4.1)
 * @param consistent whether all servers see the same address; false also where it is clear that the
 *     mapping depends on the destination but not on what of it
 * @param filtering whose packets come in (RFC 4787 §5)
 * @param pairedAddress whether one external IP address serves all mappings (RFC 4787 §4.1, "IP
 *     address pooling" of "paired"); false for "arbitrary"
 * @param ports how external ports are chosen (RFC 4787 §4.2)
 * @param hairpinning whether hosts behind the NAT reach each other by external addresses (RFC 4787
 *     §6)
 * @param lifetime the longest silence that a mapping was seen to survive, with a resolution of
 *     about a second or a tenth, whichever is more; the true timeout (RFC 4787 §4.3) is not smaller
 * @param outlivesTest whether the mapping was still alive after the longest silence that was tried
 * @param payloadRewriting whether something on the way rewrites addresses inside packets:
 *     MAPPED-ADDRESS and XOR-MAPPED-ADDRESS disagree
 * @param largeRequests whether a request of nearly 1500 bytes was answered
 * @param fragmentedRequests whether a request too large for one packet was answered (RFC 4787 §11)
 * @param gatewayAddress the outside address by the router's own statement
 */
public record PathReport(
    IpFamily family,
    String label,
    Finding<TransportAddress> local,
    Finding<TransportAddress> reflexive,
    Finding<UdpReach> udp,
    Finding<Boolean> tcp,
    Finding<Boolean> tls,
    Finding<Boolean> nat,
    Finding<Boolean> firewall,
    Finding<Integer> layers,
    Finding<Boolean> carrierGrade,
    Finding<Behaviour> mapping,
    Finding<Boolean> consistent,
    Finding<Behaviour> filtering,
    Finding<Boolean> pairedAddress,
    Finding<PortAllocation> ports,
    Finding<Boolean> hairpinning,
    Finding<Duration> lifetime,
    Finding<Boolean> outlivesTest,
    Finding<Boolean> payloadRewriting,
    Finding<Boolean> largeRequests,
    Finding<Boolean> fragmentedRequests,
    Finding<InetAddress> gatewayAddress) {

  /** Starts a report in which nothing was measured. */
  public static Builder builder(IpFamily family) {
    return new Builder(family);
  }

  /** Collects findings; what is not set counts as not measured. Confined to one thread. */
  public static final class Builder {
    private final IpFamily family;
    private String label = "";
    private Finding<TransportAddress> local = Finding.notMeasured();
    private Finding<TransportAddress> reflexive = Finding.notMeasured();
    private Finding<UdpReach> udp = Finding.notMeasured();
    private Finding<Boolean> tcp = Finding.notMeasured();
    private Finding<Boolean> tls = Finding.notMeasured();
    private Finding<Boolean> nat = Finding.notMeasured();
    private Finding<Boolean> firewall = Finding.notMeasured();
    private Finding<Integer> layers = Finding.notMeasured();
    private Finding<Boolean> carrierGrade = Finding.notMeasured();
    private Finding<Behaviour> mapping = Finding.notMeasured();
    private Finding<Boolean> consistent = Finding.notMeasured();
    private Finding<Behaviour> filtering = Finding.notMeasured();
    private Finding<Boolean> pairedAddress = Finding.notMeasured();
    private Finding<PortAllocation> ports = Finding.notMeasured();
    private Finding<Boolean> hairpinning = Finding.notMeasured();
    private Finding<Duration> lifetime = Finding.notMeasured();
    private Finding<Boolean> outlivesTest = Finding.notMeasured();
    private Finding<Boolean> payloadRewriting = Finding.notMeasured();
    private Finding<Boolean> largeRequests = Finding.notMeasured();
    private Finding<Boolean> fragmentedRequests = Finding.notMeasured();
    private Finding<InetAddress> gatewayAddress = Finding.notMeasured();

    private Builder(IpFamily family) {
      this.family = family;
    }

    /** Sets {@link PathReport#label}. */
    public Builder label(String value) {
      label = value;
      return this;
    }

    /** Sets {@link PathReport#local}. */
    public Builder local(Finding<TransportAddress> value) {
      local = value;
      return this;
    }

    /** Sets {@link PathReport#reflexive}. */
    public Builder reflexive(Finding<TransportAddress> value) {
      reflexive = value;
      return this;
    }

    /** Sets {@link PathReport#udp}. */
    public Builder udp(Finding<UdpReach> value) {
      udp = value;
      return this;
    }

    /** Sets {@link PathReport#tcp}. */
    public Builder tcp(Finding<Boolean> value) {
      tcp = value;
      return this;
    }

    /** Sets {@link PathReport#tls}. */
    public Builder tls(Finding<Boolean> value) {
      tls = value;
      return this;
    }

    /** Sets {@link PathReport#nat}. */
    public Builder nat(Finding<Boolean> value) {
      nat = value;
      return this;
    }

    /** Sets {@link PathReport#firewall}. */
    public Builder firewall(Finding<Boolean> value) {
      firewall = value;
      return this;
    }

    /** Sets {@link PathReport#layers}. */
    public Builder layers(Finding<Integer> value) {
      layers = value;
      return this;
    }

    /** Sets {@link PathReport#carrierGrade}. */
    public Builder carrierGrade(Finding<Boolean> value) {
      carrierGrade = value;
      return this;
    }

    /** Sets {@link PathReport#consistent}. */
    public Builder consistent(Finding<Boolean> value) {
      consistent = value;
      return this;
    }

    /** Sets {@link PathReport#mapping}. */
    public Builder mapping(Finding<Behaviour> value) {
      mapping = value;
      return this;
    }

    /** Sets {@link PathReport#filtering}. */
    public Builder filtering(Finding<Behaviour> value) {
      filtering = value;
      return this;
    }

    /** Sets {@link PathReport#pairedAddress}. */
    public Builder pairedAddress(Finding<Boolean> value) {
      pairedAddress = value;
      return this;
    }

    /** Sets {@link PathReport#ports}. */
    public Builder ports(Finding<PortAllocation> value) {
      ports = value;
      return this;
    }

    /** Sets {@link PathReport#hairpinning}. */
    public Builder hairpinning(Finding<Boolean> value) {
      hairpinning = value;
      return this;
    }

    /** Sets {@link PathReport#lifetime}. */
    public Builder lifetime(Finding<Duration> value) {
      lifetime = value;
      return this;
    }

    /** Sets {@link PathReport#outlivesTest}. */
    public Builder outlivesTest(Finding<Boolean> value) {
      outlivesTest = value;
      return this;
    }

    /** Sets {@link PathReport#payloadRewriting}. */
    public Builder payloadRewriting(Finding<Boolean> value) {
      payloadRewriting = value;
      return this;
    }

    /** Sets {@link PathReport#largeRequests}. */
    public Builder largeRequests(Finding<Boolean> value) {
      largeRequests = value;
      return this;
    }

    /** Sets {@link PathReport#fragmentedRequests}. */
    public Builder fragmentedRequests(Finding<Boolean> value) {
      fragmentedRequests = value;
      return this;
    }

    /** Sets {@link PathReport#gatewayAddress}. */
    public Builder gatewayAddress(Finding<InetAddress> value) {
      gatewayAddress = value;
      return this;
    }

    /** The report. */
    public PathReport build() {
      return new PathReport(
          family,
          label,
          local,
          reflexive,
          udp,
          tcp,
          tls,
          nat,
          firewall,
          layers,
          carrierGrade,
          mapping,
          consistent,
          filtering,
          pairedAddress,
          ports,
          hairpinning,
          lifetime,
          outlivesTest,
          payloadRewriting,
          largeRequests,
          fragmentedRequests,
          gatewayAddress);
    }
  }
}
