package dev.culvert.cli.node;

import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpRequest;
import dev.culvert.transport.http.HttpService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What anybody who opens a node's TLS address in a browser may see: what this is, and whether it is
 * well. Nothing else; who runs a node looks at its management address.
 */
final class NodePage implements HttpService {
  private static final String TEXT =
      """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><title>Culvert node</title></head>
      <body>
      <h1>Culvert node</h1>
      <p>This is no web site. It helps programs on different networks to find a way to each other
      (STUN, TURN), and answers them on this same port.</p>
      </body>
      </html>
      """;

  private final Supplier<NodeState> state;

  NodePage(Supplier<NodeState> state) {
    this.state = state;
  }

  @Override
  public CompletionStage<HttpReply> answer(HttpRequest request) {
    return CompletableFuture.completedFuture(reply(request));
  }

  private HttpReply reply(HttpRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return HttpReply.notAllowed("GET, HEAD");
    }
    return switch (request.path()) {
      case "/" -> HttpReply.of(200, "text/html; charset=utf-8", TEXT);
      case "/health" ->
          state.get() == NodeState.READY
              ? HttpReply.text(200, "ok")
              : HttpReply.text(503, "draining");
      default -> HttpReply.text(404, "there is nothing here");
    };
  }
}
