package dev.culvert.transport.http.wire;

import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpRequest;
import dev.culvert.transport.http.HttpService;
import dev.culvert.transport.http.WebSocketTerms;
import java.util.concurrent.CompletionStage;

/** Tells who finds nothing where WebSockets are that they are there (RFC 9110 §15.5.22). */
record WebSocketHints(HttpService service, WebSocketTerms terms) implements HttpService {
  @Override
  public CompletionStage<HttpReply> answer(HttpRequest request) {
    return service
        .answer(request)
        .thenApply(
            reply ->
                reply.status() == 404 && terms.paths().contains(request.path())
                    ? needed(terms)
                    : reply);
  }

  /** What a client has to ask for. */
  static HttpReply needed(WebSocketTerms terms) {
    return HttpReply.text(426, "this is a WebSocket that speaks " + terms.subprotocol())
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Version", "13");
  }
}
