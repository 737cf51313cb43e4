package dev.architect.provider.http.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Puts a provider's counts into disjoint buckets. A count that is absent or null leaves its bucket unknown. A count that is
 * not a whole number of zero or more, or parts that are more than their total, make the whole usage {@link
 * UsageSource#ESTIMATED}: they are never corrected in silence. Not safe for use by several threads.
 */
public final class UsageReader {

    /** More than any call can have; larger numbers are mistakes. */
    private static final long MAX_COUNT = 1_000_000_000_000L;

    private final Map<UsageBucket, Long> counts = new EnumMap<>(UsageBucket.class);
    private boolean isEstimated;

    /** Starts with nothing known. */
    public UsageReader() {}

    /** Puts {@code count} into {@code bucket}, in place of what is there; absent and null counts change nothing. */
    public UsageReader put(UsageBucket bucket, JsonNode count) {
        read(count).ifPresent(value -> counts.put(bucket, value));
        return this;
    }

    /** Adds {@code count} to {@code bucket}. */
    public UsageReader add(UsageBucket bucket, JsonNode count) {
        read(count).ifPresent(value -> counts.merge(bucket, value, Long::sum));
        return this;
    }

    /**
     * Puts what is left of {@code total} after the buckets of {@code parts} into {@code bucket}. Where they are more than
     * the total, the parts are dropped, the bucket gets the total, and the usage is an estimate.
     */
    public UsageReader putRest(UsageBucket bucket, JsonNode total, UsageBucket... parts) {
        return putRest(bucket, total, 0, parts);
    }

    /** As {@link #putRest}, and leaves {@code bucket} unknown when nothing is left. */
    public UsageReader putRestIfAny(UsageBucket bucket, JsonNode total, UsageBucket... parts) {
        return putRest(bucket, total, 1, parts);
    }

    private UsageReader putRest(UsageBucket bucket, JsonNode total, long least, UsageBucket... parts) {
        read(total).ifPresent(value -> {
            long rest = value;
            for (UsageBucket part : parts) {
                rest -= counts.getOrDefault(part, 0L);
            }
            if (rest < 0) {
                isEstimated = true;
                for (UsageBucket part : parts) {
                    // One of the two is wrong, and nothing shows which: the total at least covers all parts.
                    counts.remove(part);
                }
                rest = value;
            }
            if (rest >= least) {
                counts.put(bucket, rest);
            }
        });
        return this;
    }

    /** Marks the counts as an estimate of the provider's own. */
    public UsageReader estimated() {
        isEstimated = true;
        return this;
    }

    /** Returns the usage so far. */
    public TokenUsage usage() {
        return new TokenUsage(counts);
    }

    /** Returns {@link UsageSource#REPORTED} when every count made sense and both prompt and answer were counted. */
    public UsageSource source() {
        boolean counted = counts.containsKey(UsageBucket.OUTPUT) && isPromptCounted();
        return counted && !isEstimated ? UsageSource.REPORTED : UsageSource.ESTIMATED;
    }

    private boolean isPromptCounted() {
        for (UsageBucket bucket : counts.keySet()) {
            if (bucket.side() == UsageBucket.Side.PROMPT) {
                return true;
            }
        }
        return false;
    }

    private OptionalLong read(JsonNode count) {
        // Unknown is not zero: the ledger estimates what is unknown and believes a zero.
        if (count.isMissingNode() || count.isNull()) {
            return OptionalLong.empty();
        }
        if (!count.isIntegralNumber()
                || !count.canConvertToLong()
                || count.longValue() < 0
                || count.longValue() > MAX_COUNT) {
            isEstimated = true;
            return OptionalLong.empty();
        }
        return OptionalLong.of(count.longValue());
    }
}
