package dev.architect.model;

import dev.architect.error.ArchitectException;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A call to a provider failed.
 *
 * <p>The message holds provider, model, kind, status and the provider's own error code, never prompt text or keys.
 */
public final class ProviderException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient Details details;

    private ProviderException(Details details, @Nullable Throwable cause) {
        super(details.message(), cause);
        this.details = details;
    }

    /** Returns a builder of a failure of {@code kind} on {@code model}. */
    public static Builder builder(ModelId model, FailureKind kind) {
        return new Builder(model, kind);
    }

    /** The model that was called. */
    public ModelId model() {
        return details.model;
    }

    /** What went wrong. */
    public FailureKind kind() {
        return details.kind;
    }

    /** The HTTP status, when one was received. */
    public OptionalInt status() {
        return details.status == 0 ? OptionalInt.empty() : OptionalInt.of(details.status);
    }

    /** Whether the request reached the provider. */
    public DeliveryStatus delivery() {
        return details.delivery;
    }

    /** The provider's id of the request, for its support. */
    public Optional<String> requestId() {
        return Optional.ofNullable(details.requestId);
    }

    /** What the provider reported as used although the call failed; {@link TokenUsage#UNKNOWN} when nothing. */
    public TokenUsage usage() {
        return details.usage;
    }

    /** Characters of text, reasoning and arguments received before the failure; a call that was cut has more than zero. */
    public long receivedCharacters() {
        return details.receivedCharacters;
    }

    /** How much the provider's rate limits leave, as it says; empty when it does not. */
    public List<RateLimit> rateLimits() {
        return details.rateLimits;
    }

    @Override
    public boolean isTransient() {
        return details.kind.isTransient();
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(details.retryAfter);
    }

    private record Details(
            ModelId model,
            FailureKind kind,
            int status,
            @Nullable String code,
            @Nullable Duration retryAfter,
            DeliveryStatus delivery,
            @Nullable String requestId,
            TokenUsage usage,
            long receivedCharacters,
            List<RateLimit> rateLimits,
            @Nullable String explanation) {

        String message() {
            StringBuilder text =
                    new StringBuilder(model.toString()).append(" failed: ").append(kind);
            if (status != 0) {
                text.append(", status ").append(status);
            }
            if (code != null) {
                text.append(", code ").append(code);
            }
            if (retryAfter != null) {
                text.append(", retry after ").append(retryAfter.toMillis()).append(" ms");
            }
            if (explanation != null) {
                text.append(" (").append(explanation).append(')');
            }
            return text.toString();
        }
    }

    /** Collects what is known of a failure. Not safe for use by several threads. */
    public static final class Builder {
        private final ModelId model;
        private final FailureKind kind;
        private int status;
        private @Nullable String code;
        private @Nullable Duration retryAfter;
        private DeliveryStatus delivery = DeliveryStatus.ANSWERED;
        private @Nullable String requestId;
        private TokenUsage usage = TokenUsage.UNKNOWN;
        private long receivedCharacters;
        private List<RateLimit> rateLimits = List.of();
        private @Nullable String explanation;
        private @Nullable Throwable cause;

        private Builder(ModelId model, FailureKind kind) {
            this.model = model;
            this.kind = kind;
        }

        /** The HTTP status. */
        public Builder status(int httpStatus) {
            this.status = httpStatus;
            return this;
        }

        /** The provider's error code or type, a short machine word. */
        public Builder code(@Nullable String errorCode) {
            this.code = errorCode;
            return this;
        }

        /** How long the provider asked to wait. */
        public Builder retryAfter(@Nullable Duration delay) {
            this.retryAfter = delay;
            return this;
        }

        /** Whether the request reached the provider; {@link DeliveryStatus#ANSWERED} unless said otherwise. */
        public Builder delivery(DeliveryStatus reached) {
            this.delivery = reached;
            return this;
        }

        /** The provider's id of the request. */
        public Builder requestId(@Nullable String id) {
            this.requestId = id;
            return this;
        }

        /** What the provider reported as used. */
        public Builder usage(TokenUsage reported) {
            this.usage = reported;
            return this;
        }

        /** Characters of text, reasoning and arguments received before the failure. */
        public Builder receivedCharacters(long characters) {
            this.receivedCharacters = characters;
            return this;
        }

        /** How much the provider's rate limits leave. */
        public Builder rateLimits(List<RateLimit> limits) {
            this.rateLimits = List.copyOf(limits);
            return this;
        }

        /** A short reason in our own words, without prompt text. */
        public Builder explanation(@Nullable String words) {
            this.explanation = words;
            return this;
        }

        /** The failure that led to this one. */
        public Builder cause(@Nullable Throwable failure) {
            this.cause = failure;
            return this;
        }

        /** Returns the exception. */
        public ProviderException build() {
            return new ProviderException(
                    new Details(
                            model,
                            kind,
                            status,
                            code,
                            retryAfter,
                            delivery,
                            requestId,
                            usage,
                            receivedCharacters,
                            rateLimits,
                            explanation),
                    cause);
        }
    }
}
