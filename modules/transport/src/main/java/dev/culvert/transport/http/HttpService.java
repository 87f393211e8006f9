package dev.culvert.transport.http;

import java.util.concurrent.CompletionStage;

/** What answers HTTP requests, whichever connection they came over. */
@FunctionalInterface
public interface HttpService {
  /**
   * The answer to a request.
   *
   * <p>Called on an event loop, on several of them at once: it does not block. What it throws, and
   * what its stage fails with, is answered with 500 and logged.
   */
  CompletionStage<HttpReply> answer(HttpRequest request);
}
