package dev.culvert.cli.node.manage;

import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpRequest;
import dev.culvert.transport.http.HttpService;
import dev.culvert.transport.server.Supervision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists and drops allocations, for those who have the token. Safe for every thread. */
final class AllocationsService implements HttpService {
  /** So many are told at once. */
  static final int MOST = 1000;

  private static final Logger LOGGER = LoggerFactory.getLogger(AllocationsService.class);
  private static final String PATH = "/allocations";
  private static final String JSON = "application/json";

  private final Supervision supervision;
  private final boolean relays;
  private final Optional<String> token;

  /**
   * Of a node.
   *
   * @param token what one has to know; empty: nobody may
   */
  AllocationsService(NodeFacts facts, Optional<String> token) {
    supervision = facts.server().supervision();
    relays = facts.relay().isPresent();
    this.token = token;
  }

  @Override
  public CompletionStage<HttpReply> answer(HttpRequest request) {
    Optional<HttpReply> refusal = refusal(request);
    if (refusal.isPresent()) {
      return done(refusal.get());
    }
    Map<String, String> query = Query.of(request.query());
    boolean all = request.path().equals(PATH);
    return switch (request.method()) {
      case "GET", "HEAD" -> all ? list(query) : done(HttpReply.notAllowed("DELETE"));
      case "DELETE" -> all ? dropUser(query) : drop(request.path().substring(PATH.length() + 1));
      default -> done(HttpReply.notAllowed(all ? "GET, HEAD, DELETE" : "DELETE"));
    };
  }

  private static CompletionStage<HttpReply> done(HttpReply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private Optional<HttpReply> refusal(HttpRequest request) {
    if (token.isEmpty()) {
      return Optional.of(
          HttpReply.text(403, "the node was started without --management-token-file"));
    }
    String expected = "Bearer " + token.get();
    boolean known =
        request.field("authorization").filter(given -> isSame(given, expected)).isPresent();
    if (!known) {
      return Optional.of(
          HttpReply.text(401, "this needs the node's token")
              .with("WWW-Authenticate", "Bearer realm=\"culvert node\""));
    }
    return relays ? Optional.empty() : Optional.of(HttpReply.text(404, "this node does not relay"));
  }

  private static boolean isSame(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private CompletionStage<HttpReply> list(Map<String, String> query) {
    Optional<Long> after = number(query.getOrDefault("after", "0"));
    Optional<Long> limit = number(query.getOrDefault("limit", Integer.toString(MOST)));
    if (after.isEmpty() || limit.isEmpty() || limit.get() < 1) {
      return done(HttpReply.text(400, "after and limit are numbers"));
    }
    int most = (int) Math.min(MOST, limit.get());
    return supervision
        .allocations(after.get(), most)
        .thenApply(
            page -> HttpReply.of(200, JSON, AllocationsJson.page(page, page.size() == most)));
  }

  private CompletionStage<HttpReply> drop(String text) {
    return number(text)
        .map(
            id ->
                supervision
                    .drop(id)
                    .<HttpReply>thenApply(was -> was.map(it -> dropped(1)).orElseGet(this::none)))
        .<CompletionStage<HttpReply>>map(Function.identity())
        .orElseGet(() -> done(none()));
  }

  private HttpReply none() {
    return HttpReply.text(404, "there is no such allocation");
  }

  private CompletionStage<HttpReply> dropUser(Map<String, String> query) {
    String user = query.getOrDefault("user", "");
    if (user.isEmpty()) {
      return done(HttpReply.text(400, "say whose: /allocations?user=NAME, or /allocations/ID"));
    }
    return supervision.dropUser(user).thenApply(AllocationsService::dropped);
  }

  private static HttpReply dropped(int count) {
    LOGGER.debug("{} allocations were dropped by the operator", count);
    return HttpReply.of(
        200,
        JSON,
        AllocationsJson.of(
            out -> {
              out.writeStartObject();
              out.writeNumberField("dropped", count);
              out.writeEndObject();
            }));
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
