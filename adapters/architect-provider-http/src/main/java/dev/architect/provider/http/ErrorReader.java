package dev.architect.provider.http;

import dev.architect.model.FailureKind;
import dev.architect.provider.http.reading.ErrorMeaning;

/** Maps a provider's error replies to failure kinds. Safe for use by several threads. */
@FunctionalInterface
public interface ErrorReader {

    /** Returns the meaning. The message in the body may be matched but must not be passed on: it may repeat the prompt. */
    ErrorMeaning read(ErrorReply reply);

    /** Returns a reader that looks at the status alone. */
    static ErrorReader byStatus() {
        return reply -> ErrorMeaning.of(FailureKind.ofHttpStatus(reply.status()), null);
    }
}
