package dev.architect.langchain4j;

import dev.architect.error.ArchitectException;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.route.NoRouteException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import java.util.List;

/** Writes failures as LangChain4j's exceptions. The cause is always Architect's own exception. */
final class LangChain4jFailureWriter {

    private LangChain4jFailureWriter() {}

    static LangChain4jException write(ArchitectException failure) {
        if (failure instanceof ProviderException call) {
            return of(call.kind(), failure);
        }
        // With different kinds no single exception of LangChain4j is true of all calls.
        if (failure instanceof NoRouteException noRoute && haveOneKind(noRoute.failures())) {
            return of(noRoute.failures().get(0).kind(), failure);
        }
        return failure.isTransient()
                ? new RetriableException(failure.getMessage(), failure)
                : new NonRetriableException(failure.getMessage(), failure);
    }

    private static boolean haveOneKind(List<ProviderException> failures) {
        return failures.stream().map(ProviderException::kind).distinct().count() == 1;
    }

    private static LangChain4jException of(FailureKind kind, ArchitectException failure) {
        String message = failure.getMessage();
        return switch (kind) {
            case RATE_LIMITED -> new RateLimitException(message, failure);
            case TIMEOUT -> new TimeoutException(message, failure);
            case OVERLOADED, UNAVAILABLE, PROTOCOL -> new InternalServerException(message, failure);
            case AUTHENTICATION -> new AuthenticationException(message, failure);
            case MODEL_NOT_FOUND -> new ModelNotFoundException(message, failure);
            case CONTENT_REFUSED -> new ContentFilteredException(message, failure);
            case INVALID_REQUEST, CONTEXT_TOO_LONG, TOO_LARGE_FOR_LIMIT ->
                new InvalidRequestException(message, failure);
            case QUOTA_EXHAUSTED, UNSUPPORTED, CANCELLED -> new NonRetriableException(message, failure);
        };
    }
}
