package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Effective-dated rates of a model, valid from an instant until just before another.
 *
 * @param provider name of the provider, for example {@code claude}
 * @param model model id, matched whole, or its beginning when {@code match} is {@link Match#PREFIX}; an empty beginning
 *     matches every model of the provider
 * @param match how {@code model} is compared
 * @param tier the prompt sizes this row is for; a row for larger prompts re-prices the whole call
 * @param serviceTier the service tier that served the call, {@code standard} unless the provider reports another; read as what a provider
 *     reports is, see {@link #tierOf}
 * @param rates money per bucket; a used bucket without a rate makes a call unpriced
 * @param validFrom first instant of validity
 * @param validTo first instant after it; null while it is open
 * @param source where the rates were read
 * @param checked the day they were read
 * @param region where the call must have been served for this row, as the provider reports it; empty for every region without
 *     a row of its own
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
        LocalDate checked,
        Optional<String> region) {

    /** The usual service tier. */
    public static final String STANDARD = "standard";

    /** How a model id is compared. */
    public enum Match {
        /** The whole id. */
        EXACT,
        /** The beginning of the id. */
        PREFIX,
        /** The id with a date behind it and nothing else, such as {@code -2025-08-07}, {@code -20250807} or {@code @20250807}. */
        DATED
    }

    /** How list responses of some vendors write ids; it says nothing about the model. */
    private static final String LIST_PREFIX = "models/";

    /** A day of this century, with or without dashes, or month and year as in {@code -preview-09-2025}. */
    private static final Pattern DATE = Pattern.compile(
            "[-@](?:20\\d{2}(-?)(?:0[1-9]|1[0-2])\\1(?:0[1-9]|[12]\\d|3[01])" + "|(?:0[1-9]|1[0-2])-20\\d{2})");

    /** Copies the rates and checks every field. */
    public Price {
        Check.notNull("match", match);
        Check.notNull("tier", tier);
        Check.notNull("validFrom", validFrom);
        Check.notNull("source", source);
        Check.notNull("checked", checked);
        Check.notBlank("provider", provider);
        if (match != Match.PREFIX) {
            Check.notBlank("model", model);
        }
        Check.notNull("region", region);
        serviceTier = tierOf(Check.notBlank("serviceTier", serviceTier));
        EnumMap<UsageBucket, Rate> copy = new EnumMap<>(UsageBucket.class);
        copy.putAll(Check.noNulls("rates", rates));
        if (validTo != null && !validTo.isAfter(validFrom)) {
            throw new IllegalArgumentException("validTo is " + validTo + ", expected after " + validFrom);
        }
        rates = Collections.unmodifiableMap(copy);
    }

    /** Creates a row for every region. */
    public Price(
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
        this(provider, model, match, tier, serviceTier, rates, validFrom, validTo, source, checked, Optional.empty());
    }

    /** Whether it is valid at an instant. */
    public boolean isValidAt(Instant instant) {
        Check.notNull("instant", instant);
        return !instant.isBefore(validFrom) && (validTo == null || instant.isBefore(validTo));
    }

    /**
     * Returns the tier that a provider means: several words, and none, stand for the usual one. {@code auto} is what a request
     * asks for; a provider that repeats it has served the call in the usual way.
     */
    public static String tierOf(String reported) {
        if (Check.notNull("reported", reported).equals(STANDARD)) {
            return STANDARD;
        }
        String word = reported.strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "", "default", "auto", "unspecified", "standard_only", "on_demand" -> STANDARD;
            default -> word;
        };
    }

    /**
     * Returns what {@code usage} of another model would be billed as by this row: where it has no rate of its own, cached tokens, images and
     * sound count as plain input or output, and separate reasoning as output; fees and citations, which the model of this row would not have
     * had, are left out.
     */
    public TokenUsage comparable(TokenUsage usage) {
        TokenUsage.Builder comparable = TokenUsage.builder();
        Check.notNull("usage", usage).counts().forEach((bucket, count) -> {
            if (rates.containsKey(bucket)) {
                comparable.add(bucket, count);
            } else {
                substitute(bucket).ifPresent(other -> comparable.add(other, count));
            }
        });
        return comparable.build();
    }

    private Optional<UsageBucket> substitute(UsageBucket bucket) {
        return switch (bucket) {
            case INPUT, CACHE_READ, CACHE_READ_AUDIO, CACHE_WRITE_5M, CACHE_WRITE_1H, INPUT_IMAGE, INPUT_AUDIO ->
                Optional.of(UsageBucket.INPUT);
            case CACHE_WRITE ->
                Optional.of(
                        rates.containsKey(UsageBucket.CACHE_WRITE_5M) ? UsageBucket.CACHE_WRITE_5M : UsageBucket.INPUT);
            case OUTPUT, REASONING, OUTPUT_IMAGE, OUTPUT_AUDIO -> Optional.of(UsageBucket.OUTPUT);
            case CITATION, WEB_SEARCH, WEB_FETCH, REQUEST, REASONING_IN_OUTPUT, COMPUTE_MILLIS -> Optional.empty();
        };
    }

    /** Whether this row applies to a call of its model. */
    boolean coversCall(String askedTier, String servedRegion, Instant at, long promptTokens) {
        return serviceTier.equals(askedTier)
                && (region.isEmpty() || region.get().equals(servedRegion))
                && isValidAt(at)
                && tier.covers(promptTokens);
    }

    /** Whether this row applies to {@code id}, at some time, on some tier. */
    public boolean matches(ModelId id) {
        if (!provider.equals(id.provider())) {
            return false;
        }
        String name = id.model().startsWith(LIST_PREFIX) ? id.model().substring(LIST_PREFIX.length()) : id.model();
        return switch (match) {
            case EXACT -> name.equals(model);
            case PREFIX -> name.startsWith(model);
            case DATED ->
                name.startsWith(model)
                        && DATE.matcher(name)
                                .region(model.length(), name.length())
                                .matches();
        };
    }

    /** Whether two rows could both claim the same call with the same right. */
    public boolean overlaps(Price other) {
        return provider.equals(other.provider)
                && model.equals(other.model)
                && match == other.match
                && serviceTier.equals(other.serviceTier)
                && region.equals(other.region)
                && tier.equals(other.tier)
                && (validTo == null || other.validFrom.isBefore(validTo))
                && (other.validTo == null || validFrom.isBefore(other.validTo));
    }

    /**
     * Returns a builder of a row for exactly {@code model} on the standard tier, for every prompt, region and time.
     *
     * @param source where the rates were read
     * @param checked the day they were read
     */
    public static Builder builder(ModelId model, String source, LocalDate checked) {
        return new Builder(
                Check.notNull("model", model), Check.notNull("source", source), Check.notNull("checked", checked));
    }

    /** Collects a row. Not safe for use by several threads. */
    public static final class Builder {
        private final ModelId model;
        private final String source;
        private final LocalDate checked;
        private final Map<UsageBucket, Rate> rates = new EnumMap<>(UsageBucket.class);
        private Match match = Match.EXACT;
        private PromptTier tier = PromptTier.ANY;
        private String serviceTier = STANDARD;
        private Instant validFrom = Instant.EPOCH;
        private @Nullable Instant validTo;
        private @Nullable String region;

        private Builder(ModelId model, String source, LocalDate checked) {
            this.model = model;
            this.source = source;
            this.checked = checked;
        }

        /** What a million tokens of a kind cost in dollars, as price lists state it, for example {@code 0.25}. */
        public Builder usdPerMillionTokens(UsageBucket bucket, String usd) {
            Check.notNull("bucket", bucket);
            return rate(bucket, Rate.perMillion(new BigDecimal(Check.notNull("usd", usd))));
        }

        /** What one use of a kind costs. */
        public Builder rate(UsageBucket bucket, Rate rate) {
            rates.put(Check.notNull("bucket", bucket), Check.notNull("rate", rate));
            return this;
        }

        /** How the id of a model is compared; {@link Match#EXACT} when not set. */
        public Builder match(Match changed) {
            this.match = Check.notNull("match", changed);
            return this;
        }

        /** The sizes of prompts; every one when not set. */
        public Builder tier(PromptTier changed) {
            this.tier = Check.notNull("tier", changed);
            return this;
        }

        /** The service tier; {@value Price#STANDARD} when not set. */
        public Builder serviceTier(String changed) {
            this.serviceTier = Check.notBlank("serviceTier", changed);
            return this;
        }

        /** The first instant of validity, and the first after it, null while it is open. */
        public Builder valid(Instant from, @Nullable Instant toOrNull) {
            this.validFrom = Check.notNull("from", from);
            this.validTo = toOrNull;
            return this;
        }

        /** The region; every one when not set. */
        public Builder region(String served) {
            this.region = Check.notBlank("region", served);
            return this;
        }

        /**
         * Returns the row.
         *
         * @throws IllegalArgumentException when it has no rate, or a field is wrong
         */
        public Price build() {
            if (rates.isEmpty()) {
                throw new IllegalArgumentException("rates has 0 entries, expected 1 or more");
            }
            return new Price(
                    model.provider(),
                    model.model(),
                    match,
                    tier,
                    serviceTier,
                    rates,
                    validFrom,
                    validTo,
                    source,
                    checked,
                    Optional.ofNullable(region));
        }
    }
}
