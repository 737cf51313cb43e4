package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Effective-dated rates of a model, valid from an instant until just before another.
 *
 * @param provider name of the provider, for example {@code claude}
 * @param model model id, matched whole, or its beginning when {@code match} is {@link Match#PREFIX}; an empty beginning
 *     matches every model of the provider
 * @param match how {@code model} is compared
 * @param tier the prompt sizes this row is for; a row for larger prompts re-prices the whole call
 * @param serviceTier the service tier that served the call, {@code standard} unless the provider reports another
 * @param rates money per bucket; a used bucket without a rate makes a call unpriced
 * @param validFrom first instant of validity
 * @param validTo first instant after it; null while it is open
 * @param source where the rates were read
 * @param checked the day they were read
 */
public record Price(
        String provider,
        String model,
        Match match,
        PromptTier tier,
        String serviceTier,
        Map<UsageBucket, Rate> rates,
        Instant validFrom,
        @Nullable Instant validTo,
        String source,
        LocalDate checked) {

    /** The usual service tier. */
    public static final String STANDARD = "standard";

    /** How a model id is compared. */
    public enum Match {
        /** The whole id. */
        EXACT,
        /** The beginning of the id, for dated versions of one model. */
        PREFIX
    }

    /** Copies the rates and checks every field. */
    public Price {
        Check.notNull("match", match);
        Check.notNull("tier", tier);
        Check.notNull("validFrom", validFrom);
        Check.notNull("source", source);
        Check.notNull("checked", checked);
        Check.notBlank("provider", provider);
        if (match == Match.EXACT) {
            Check.notBlank("model", model);
        }
        Check.notBlank("serviceTier", serviceTier);
        if (validTo != null && !validTo.isAfter(validFrom)) {
            throw new IllegalArgumentException("validTo is " + validTo + ", expected after " + validFrom);
        }
        EnumMap<UsageBucket, Rate> copy = new EnumMap<>(UsageBucket.class);
        copy.putAll(Check.noNulls("rates", rates));
        rates = Collections.unmodifiableMap(copy);
    }

    /** Whether this row applies to {@code model} on {@code serviceTier} at {@code at} for a prompt of that size. */
    boolean covers(ModelId id, String askedTier, Instant at, long promptTokens) {
        return matches(id)
                && serviceTier.equals(askedTier)
                && !at.isBefore(validFrom)
                && (validTo == null || at.isBefore(validTo))
                && tier.covers(promptTokens);
    }

    /** Whether this row applies to {@code id}, at some time, on some tier. */
    public boolean matches(ModelId id) {
        return provider.equals(id.provider())
                && (match == Match.EXACT ? model.equals(id.model()) : id.model().startsWith(model));
    }

    /** Whether two rows could both claim the same call with the same right. */
    public boolean overlaps(Price other) {
        return provider.equals(other.provider)
                && model.equals(other.model)
                && match == other.match
                && serviceTier.equals(other.serviceTier)
                && tier.equals(other.tier)
                && (validTo == null || other.validFrom.isBefore(validTo))
                && (other.validTo == null || validFrom.isBefore(other.validTo));
    }
}
