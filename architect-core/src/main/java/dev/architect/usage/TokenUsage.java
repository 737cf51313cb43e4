package dev.architect.usage;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one call used, as disjoint counts. A bucket that is absent was not reported, which is not the same as zero.
 *
 * @param counts the reported buckets, each zero or more
 */
public record TokenUsage(Map<UsageBucket, Long> counts) {

    // First: the constants are checked by it.
    private static final UsageBucket[] BUCKETS = UsageBucket.values();

    /** Nothing was reported. */
    public static final TokenUsage UNKNOWN = new TokenUsage(Map.of());

    /** Digits of the largest count that is a {@code long} whatever its digits are. */
    private static final int MAX_DIGITS = 18;

    /** Copies the counts and checks that none is negative. */
    public TokenUsage {
        if (!(counts instanceof EnumMap)) {
            Check.noNulls("counts", counts);
        }
        EnumMap<UsageBucket, Long> copy = new EnumMap<>(UsageBucket.class);
        copy.putAll(counts);
        // By bucket and not by entry, which would be an object each: every call has a usage.
        for (UsageBucket bucket : BUCKETS) {
            Long count = copy.get(bucket);
            if (count != null) {
                Check.notNegative(bucket.name(), count);
            } else if (copy.containsKey(bucket)) {
                Check.noNulls("counts", counts);
            }
        }
        counts = Collections.unmodifiableMap(copy);
    }

    /** Returns a usage of plain input and output tokens. */
    public static TokenUsage of(long input, long output) {
        return builder()
                .add(UsageBucket.INPUT, input)
                .add(UsageBucket.OUTPUT, output)
                .build();
    }

    /** Returns an empty builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the count of {@code bucket}, or 0 when it was not reported. */
    public long count(UsageBucket bucket) {
        Long count = counts.get(bucket);
        return count == null ? 0 : count;
    }

    /** Whether {@code bucket} was reported. */
    public boolean isKnown(UsageBucket bucket) {
        return counts.containsKey(bucket);
    }

    /** Whether nothing at all was reported. */
    public boolean isUnknown() {
        return counts.isEmpty();
    }

    /** Returns all prompt tokens, cached ones included. */
    public long promptTokens() {
        return sum(UsageBucket.Side.PROMPT);
    }

    /** Returns all produced tokens. */
    public long completionTokens() {
        return sum(UsageBucket.Side.COMPLETION);
    }

    private long sum(UsageBucket.Side side) {
        long sum = 0;
        for (UsageBucket bucket : BUCKETS) {
            if (bucket.side() == side) {
                sum = Math.addExact(sum, count(bucket));
            }
        }
        return sum;
    }

    /** Returns the counts as a JSON object, which {@link #ofJson} reads. */
    public String toJson() {
        Map<String, Long> named = new LinkedHashMap<>();
        counts.forEach((bucket, count) -> named.put(JsonFields.wordOf(bucket), count));
        return JsonText.write(named);
    }

    /**
     * Reads what {@link #toJson} wrote. Buckets of a newer version that this one does not know are left out.
     *
     * @throws IllegalArgumentException when it is no object of whole numbers
     */
    public static TokenUsage ofJson(String json) {
        Map<String, @Nullable Object> named = JsonText.readObject(json);
        EnumMap<UsageBucket, Long> counts = new EnumMap<>(UsageBucket.class);
        for (UsageBucket bucket : UsageBucket.values()) {
            Object count = named.get(JsonFields.wordOf(bucket));
            if (count instanceof BigDecimal number && isWhole(number)) {
                counts.put(bucket, number.longValueExact());
            } else if (count != null) {
                throw new IllegalArgumentException(
                        JsonFields.wordOf(bucket) + " is " + JsonText.kindOf(count) + ", expected a number of tokens");
            }
        }
        return new TokenUsage(counts);
    }

    /** Judged by its digits, because converting 1e9999 writes all of them. */
    private static boolean isWhole(BigDecimal number) {
        return number.signum() == 0
                || ((long) number.precision() - number.scale() <= MAX_DIGITS
                        && number.stripTrailingZeros().scale() <= 0);
    }

    /** Shows the counts, for example {@code INPUT=12,OUTPUT=3}; nothing when unknown. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** Collects counts. Not safe for use by several threads. */
    public static final class Builder {
        private final EnumMap<UsageBucket, Long> counts = new EnumMap<>(UsageBucket.class);

        private Builder() {}

        /** Adds {@code count} to {@code bucket}; adding 0 makes the bucket known. */
        public Builder add(UsageBucket bucket, long count) {
            counts.merge(Check.notNull("bucket", bucket), count, Math::addExact);
            return this;
        }

        /** Returns the usage collected so far. */
        public TokenUsage build() {
            return new TokenUsage(counts);
        }
    }
}
