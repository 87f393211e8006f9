package dev.culvert.transport.http.wire;

import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its answer.
 *
 * @param request null: it was no request that a service could answer
 * @param refusal what it is answered then
 * @param head whether the answer goes without its body
 * @param last whether the connection ends with the answer
 */
record Asked(
    @Nullable HttpRequest request, @Nullable HttpReply refusal, boolean head, boolean last) {
  static Asked refused(HttpReply refusal) {
    return new Asked(null, refusal, false, true);
  }
}
