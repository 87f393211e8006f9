package dev.culvert.cli.node.manage;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks a node's management address. Safe for every thread; its calls wait. */
public final class ManagementClient {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final TransportAddress address;
  private final Path tokenFile;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PATIENCE).proxy(HttpClient.Builder.NO_PROXY).build();

  /**
   * A client that has asked nothing yet.
   *
   * @param tokenFile where the node wrote its token; read when it is needed
   */
  public ManagementClient(TransportAddress address, Path tokenFile) {
    this.address = address;
    this.tokenFile = tokenFile;
  }

  /**
   * Whether the node is well, and what it does: one JSON object.
   *
   * @throws Fault if it cannot be asked
   */
  public Map<String, Object> status() {
    return json(send(request("/status").GET(), Optional.empty()));
  }

  /**
   * A page of allocations: one JSON object.
   *
   * @param after only greater ids than this
   * @param limit so many at most
   * @throws Fault if it cannot be asked, or the token is wrong
   */
  public Map<String, Object> allocations(long after, int limit) {
    String path = "/allocations?after=" + after + "&limit=" + limit;
    return json(send(request(path).GET(), token()));
  }

  /**
   * Ends an allocation.
   *
   * @return whether there was one
   * @throws Fault if it cannot be asked, or the token is wrong
   */
  public boolean drop(long id) {
    HttpResponse<String> answer = send(request("/allocations/" + id).DELETE(), token());
    return answer.statusCode() == 200;
  }

  /**
   * Ends all allocations of a user.
   *
   * @return how many there were
   * @throws Fault if it cannot be asked, or the token is wrong
   */
  public long dropUser(String name) {
    String path = "/allocations?user=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    Map<String, Object> answer = json(send(request(path).DELETE(), token()));
    return answer.get("dropped") instanceof Number number ? number.longValue() : 0;
  }

  private Optional<String> token() {
    return Optional.of(TokenFile.read(tokenFile));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(PATIENCE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, Optional<String> token) {
    token.ifPresent(known -> request.header("Authorization", "Bearer " + known));
    HttpResponse<String> answer;
    try {
      answer =
          http.send(
              request.header("Accept", "application/json").build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (HttpTimeoutException e) {
      throw new Fault(
          ExitCode.TIMEOUT, address + " does not answer", "see whether the node is well");
    } catch (ConnectException e) {
      throw new Fault(
          ExitCode.UNREACHABLE,
          "nothing listens on " + address,
          "start the node with --management, or say where it listens with --management");
    } catch (IOException e) {
      throw stranger();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(ExitCode.INTERRUPTED, "interrupted", "");
    }
    return switch (answer.statusCode()) {
      case 200 -> answer;
      case 401 ->
          throw new Fault(
              ExitCode.NOT_AUTHORISED,
              "the node on " + address + " does not know the token in " + tokenFile,
              "name the file that this node was started with (--management-token-file)");
      case 403 ->
          throw new Fault(
              ExitCode.NOT_AUTHORISED,
              "the node on " + address + " shows allocations to nobody",
              "start it with --management-token-file");
      case 404 -> notFound(answer);
      default -> throw stranger();
    };
  }

  private HttpResponse<String> notFound(HttpResponse<String> answer) {
    if (answer.body().startsWith("there is no such allocation")) {
      return answer;
    }
    if (answer.body().startsWith("this node does not relay")) {
      throw Fault.usage("the node on " + address + " does not relay", "start it with --relay");
    }
    throw stranger();
  }

  private Map<String, Object> json(HttpResponse<String> answer) {
    return JsonText.object(answer.body()).orElseThrow(this::stranger);
  }

  private Fault stranger() {
    return new Fault(
        ExitCode.INCONCLUSIVE,
        "what listens on " + address + " does not answer as a node's management address does",
        "say where that is with --management");
  }
}
