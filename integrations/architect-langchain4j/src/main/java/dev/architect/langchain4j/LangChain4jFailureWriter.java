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
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import java.util.List;

/** Says failures in LangChain4j's types. The cause is always Architect's own exception. */
final class LangChain4jFailureWriter {

    private LangChain4jFailureWriter() {}

    static LangChain4jException of(ArchitectException failure) {
        if (failure instanceof ProviderException said) {
            return of(said.kind(), failure);
        }
        if (failure instanceof NoRouteException nowhere && sameKinds(nowhere.failures())) {
            return of(nowhere.failures().get(0).kind(), failure);
        }
        return failure.isTransient()
                ? new RetriableException(failure.getMessage(), failure)
                : new NonRetriableException(failure.getMessage(), failure);
    }

    private static boolean sameKinds(List<ProviderException> failures) {
        return failures.stream().map(ProviderException::kind).distinct().count() == 1;
    }

    private static LangChain4jException of(FailureKind kind, ArchitectException failure) {
        String words = failure.getMessage();
        return switch (kind) {
            case RATE_LIMITED -> new RateLimitException(words, failure);
            case TIMEOUT -> new TimeoutException(words, failure);
            case OVERLOADED, UNAVAILABLE, PROTOCOL -> new InternalServerException(words, failure);
            case AUTHENTICATION -> new AuthenticationException(words, failure);
            case CONTENT_REFUSED -> new ContentFilteredException(words, failure);
            case INVALID_REQUEST, CONTEXT_TOO_LONG -> new InvalidRequestException(words, failure);
            case QUOTA_EXHAUSTED, UNSUPPORTED, CANCELLED -> new NonRetriableException(words, failure);
        };
    }
}
