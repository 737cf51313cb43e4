package dev.architect.langchain4j;

import dev.architect.model.FailureKind;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.JsonException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What LangChain4j's exceptions mean. */
final class LangChain4jFailureReader {

    /** The more particular type first. */
    private static final List<Map.Entry<Class<?>, FailureKind>> KINDS = List.of(
            Map.entry(RateLimitException.class, FailureKind.RATE_LIMITED),
            Map.entry(TimeoutException.class, FailureKind.TIMEOUT),
            Map.entry(AuthenticationException.class, FailureKind.AUTHENTICATION),
            Map.entry(ContentFilteredException.class, FailureKind.CONTENT_REFUSED),
            Map.entry(UnsupportedFeatureException.class, FailureKind.UNSUPPORTED),
            Map.entry(ModelNotFoundException.class, FailureKind.MODEL_NOT_FOUND),
            Map.entry(InvalidRequestException.class, FailureKind.INVALID_REQUEST),
            Map.entry(UnresolvedModelServerException.class, FailureKind.UNAVAILABLE),
            Map.entry(InternalServerException.class, FailureKind.UNAVAILABLE),
            Map.entry(JsonException.class, FailureKind.PROTOCOL));

    private LangChain4jFailureReader() {}

    static Optional<FailureKind> read(Throwable failure) {
        return KINDS.stream()
                .filter(entry -> entry.getKey().isInstance(failure))
                .findFirst()
                .map(Map.Entry::getValue);
    }
}
