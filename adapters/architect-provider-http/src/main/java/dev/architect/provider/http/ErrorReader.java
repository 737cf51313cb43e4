package dev.architect.provider.http;

import dev.architect.provider.http.reading.ErrorMeaning;

/** Says what a provider's errors mean. Safe for use by several threads. */
@FunctionalInterface
public interface ErrorReader {

    /** Returns the meaning. The message in the body is for looking at, never for passing on: it may repeat the prompt. */
    ErrorMeaning read(ErrorReply reply);

    /** Returns a reader that looks at the status alone. */
    static ErrorReader byStatus() {
        return reply -> ErrorMeaning.of(ErrorMeaning.ofStatus(reply.status()), null);
    }
}
