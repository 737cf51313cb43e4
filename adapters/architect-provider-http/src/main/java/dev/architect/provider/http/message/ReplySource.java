package dev.architect.provider.http.message;

import java.io.IOException;

/**
 * Answers calls in place of the network, for tests, replays and measurements: an adapter reads its replies as it reads those
 * of its vendor, without a socket. Safe for use by several threads if its provider is.
 */
@FunctionalInterface
public interface ReplySource {

    /**
     * Returns the reply to {@code request}. Headers that every request carries, such as the key, are not in it.
     *
     * @throws IOException to let the call fail as one whose connection breaks before the answer
     */
    Reply reply(HttpRequest request) throws IOException;
}
