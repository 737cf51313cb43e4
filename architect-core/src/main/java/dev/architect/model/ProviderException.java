package dev.architect.model;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A call to a provider failed.
 *
 * <p>The message holds provider, model, kind, status and the provider's own error code, never prompt text or keys.
 */
public final class ProviderException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    // Transient: an exception must be serializable, and the details are not.
    private final transient Details details;
    private final transient @Nullable String partialText;

    private ProviderException(Details details, @Nullable String partialText, @Nullable Throwable cause) {
        super(details.message(), cause);
        this.details = details;
        this.partialText = partialText;
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

    /** The model that was answering, as the provider names it; empty when it had not named one. */
    public Optional<String> answeringModel() {
        return Optional.ofNullable(details.answeringModel);
    }

    /** The tier that was serving the call; empty when the provider had not named one. */
    public Optional<String> serviceTier() {
        return Optional.ofNullable(details.serviceTier);
    }

    /** Where the call was being served; empty when the provider had not reported it. */
    public Optional<String> region() {
        return Optional.ofNullable(details.region);
    }

    /** The cost that the provider had stated for the call so far, in pico-dollars, zero or more; empty when it had stated none. */
    public OptionalLong statedCostPicoUsd() {
        return details.statedCostPicoUsd == null ? OptionalLong.empty() : OptionalLong.of(details.statedCostPicoUsd);
    }

    /** What the provider's rate limits have remaining, as it reports; empty when it does not. */
    public List<RateLimit> rateLimits() {
        return details.rateLimits;
    }

    /**
     * How many connections died with the request before any byte of a reply, each of them after an earlier call had used it; the
     * request was sent once more after each. What else this failure holds is about the last send.
     */
    public int resends() {
        return details.resends;
    }

    /** Whether the same call may succeed later: what the provider says, and where it says nothing what the kind implies. */
    @Override
    public boolean isTransient() {
        return details.statedTransient == null ? details.kind.isTransient() : details.statedTransient;
    }

    /** A limit, a lack of capacity, or a provider that could not be reached: it has done nothing for the call. */
    @Override
    public boolean isUnavailable() {
        return switch (details.kind) {
            case RATE_LIMITED, OVERLOADED -> details.kind.isTransient();
            // Anything that may have been sent may have been worked on, and billed.
            case UNAVAILABLE -> details.delivery == DeliveryStatus.NOT_SENT;
            default -> false;
        };
    }

    @Override
    public Optional<String> partialText() {
        return Optional.ofNullable(partialText);
    }

    /** Returns this failure with what its request had received of an answer, of this call or of earlier ones. */
    public ProviderException withPartialText(String text) {
        ProviderException changed = new ProviderException(details, Check.notNull("text", text), getCause());
        changed.setStackTrace(getStackTrace());
        for (Throwable suppressed : getSuppressed()) {
            changed.addSuppressed(suppressed);
        }
        return changed;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(details.retryAfter);
    }

    private record Details(
            ModelId model,
            FailureKind kind,
            @Nullable Boolean statedTransient,
            int status,
            @Nullable String code,
            @Nullable Duration retryAfter,
            DeliveryStatus delivery,
            @Nullable String requestId,
            TokenUsage usage,
            long receivedCharacters,
            @Nullable String answeringModel,
            @Nullable String serviceTier,
            @Nullable Long statedCostPicoUsd,
            List<RateLimit> rateLimits,
            int resends,
            @Nullable String explanation,
            @Nullable String region) {

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
            if (statedTransient != null && statedTransient != kind.isTransient()) {
                text.append(statedTransient ? ", may be retried" : ", not to be retried");
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
        private @Nullable Boolean statedTransient;
        private int status;
        private @Nullable String code;
        private @Nullable Duration retryAfter;
        private DeliveryStatus delivery = DeliveryStatus.ANSWERED;
        private @Nullable String requestId;
        private TokenUsage usage = TokenUsage.UNKNOWN;
        private long receivedCharacters;
        private @Nullable String answeringModel;
        private @Nullable String serviceTier;
        private @Nullable String region;
        private @Nullable Long statedCostPicoUsd;
        private List<RateLimit> rateLimits = List.of();
        private int resends;
        private @Nullable String explanation;
        private @Nullable Throwable cause;

        private Builder(ModelId model, FailureKind kind) {
            this.model = Check.notNull("model", model);
            this.kind = Check.notNull("kind", kind);
        }

        /** The HTTP status. */
        public Builder status(int httpStatus) {
            this.status = httpStatus;
            return this;
        }

        /** Whether the provider says that the same call may succeed later; null, the default, leaves it to the kind. */
        public Builder isTransient(@Nullable Boolean stated) {
            this.statedTransient = stated;
            return this;
        }

        /** The provider's error code or type, a short token. */
        public Builder code(@Nullable String errorCode) {
            this.code = errorCode;
            return this;
        }

        /** How long the provider requires to wait. */
        public Builder retryAfter(@Nullable Duration delay) {
            this.retryAfter = delay;
            return this;
        }

        /** Whether the request reached the provider; {@link DeliveryStatus#ANSWERED} when not set. */
        public Builder delivery(DeliveryStatus reached) {
            this.delivery = Check.notNull("delivery", reached);
            return this;
        }

        /** The provider's id of the request. */
        public Builder requestId(@Nullable String id) {
            this.requestId = id;
            return this;
        }

        /** What the provider reported as used. */
        public Builder usage(TokenUsage reported) {
            this.usage = Check.notNull("usage", reported);
            return this;
        }

        /** Characters of text, reasoning and arguments received before the failure. */
        public Builder receivedCharacters(long characters) {
            this.receivedCharacters = characters;
            return this;
        }

        /** The model that was answering, as the provider names it; null, the default, when it had not named one. */
        public Builder answeringModel(@Nullable String name) {
            this.answeringModel = name;
            return this;
        }

        /** The tier that was serving the call; null, the default, when the provider had not named one. */
        public Builder serviceTier(@Nullable String tier) {
            this.serviceTier = tier;
            return this;
        }

        /**
         * The cost that the provider had stated so far, in pico-dollars; null, the default, when it had stated none.
         *
         * @throws IllegalArgumentException when it is negative
         */
        public Builder statedCostPicoUsd(@Nullable Long cost) {
            this.statedCostPicoUsd = cost == null ? null : Check.notNegative("statedCostPicoUsd", cost);
            return this;
        }

        /** How much the provider's rate limits leave. */
        public Builder rateLimits(List<RateLimit> limits) {
            this.rateLimits = List.copyOf(Check.noNulls("rateLimits", limits));
            return this;
        }

        /** How many connections died with the request; 0 when not set. */
        public Builder resends(int count) {
            Check.notNegative("resends", count);
            this.resends = count;
            return this;
        }

        /** Where the call was being served; null, the default, when the provider had not reported it. */
        public Builder region(@Nullable String served) {
            this.region = served;
            return this;
        }

        /** A short reason in plain English, without prompt text. */
        public Builder explanation(@Nullable String text) {
            this.explanation = text;
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
                            statedTransient,
                            status,
                            code,
                            retryAfter,
                            delivery,
                            requestId,
                            usage,
                            receivedCharacters,
                            answeringModel,
                            serviceTier,
                            statedCostPicoUsd,
                            rateLimits,
                            resends,
                            explanation,
                            region),
                    null,
                    cause);
        }
    }
}
