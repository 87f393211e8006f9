package dev.culvert.cli.node.manage;

import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpRequest;
import dev.culvert.transport.http.HttpService;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What the management address answers. Safe for every thread. */
final class ManagementService implements HttpService {
  private static final String JSON = "application/json";
  private static final String HTML = "text/html";

  private final NodeFacts facts;
  private final Instant start;
  private final Health health;
  private final Metrics metrics;
  private final AllocationsService allocations;

  ManagementService(
      NodeFacts facts, Instant start, Health health, Metrics metrics, AllocationsService service) {
    this.facts = facts;
    this.start = start;
    this.health = health;
    this.metrics = metrics;
    allocations = service;
  }

  @Override
  public CompletionStage<HttpReply> answer(HttpRequest request) {
    String path = request.path();
    if (path.equals("/allocations") || path.startsWith("/allocations/")) {
      return allocations.answer(request);
    }
    if (!List.of("/", "/metrics", "/health", "/ready", "/status").contains(path)) {
      return done(HttpReply.text(404, "this has /, /metrics, /health, /ready and /status"));
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return done(HttpReply.notAllowed("GET, HEAD"));
    }
    return switch (path) {
      case "/metrics" -> done(HttpReply.of(200, Metrics.CONTENT_TYPE, metrics.text()));
      case "/health" -> checked(report -> state(request, report.isWell(), report.faults()));
      case "/ready" -> checked(report -> state(request, report.isReady(), report.reasons()));
      case "/status" -> checked(report -> status(report, true));
      default -> checked(report -> status(report, wantsJson(request)));
    };
  }

  private static CompletionStage<HttpReply> done(HttpReply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private CompletionStage<HttpReply> checked(Function<Health.Report, HttpReply> reply) {
    return health.check().thenApply(reply);
  }

  private static HttpReply state(HttpRequest request, boolean good, List<String> reasons) {
    int code = good ? 200 : 503;
    if (!wantsJson(request)) {
      return HttpReply.text(code, good ? "ok" : String.join("\n", reasons));
    }
    return HttpReply.of(
        code,
        JSON,
        AllocationsJson.of(
            out -> {
              out.writeStartObject();
              out.writeStringField("status", good ? "ok" : "failing");
              out.writeArrayFieldStart("reasons");
              for (String reason : reasons) {
                out.writeString(reason);
              }
              out.writeEndArray();
              out.writeEndObject();
            }));
  }

  private static boolean wantsJson(HttpRequest request) {
    Map<String, String> query = Query.of(request.query());
    String accepted = request.field("accept").orElse("");
    return "json".equals(query.get("format"))
        || (accepted.contains(JSON) && !accepted.contains(HTML));
  }

  private HttpReply status(Health.Report report, boolean json) {
    NodeStatus status = NodeStatus.of(facts, start, report);
    return json
        ? HttpReply.of(200, JSON, AllocationsJson.of(status::write))
        : StatusPage.of(status);
  }
}
