package dev.architect.simulator.script;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one simulated provider behaves.
 *
 * @param apiKey the only key that is accepted; null accepts every request, with or without a key
 * @param latency the time to the first byte; a whole answer also takes the time of all its tokens
 * @param perToken the time that each output token takes
 * @param tokensPerChunk how many tokens of text each event of a stream carries
 * @param errors the shares of model calls that fail; together at most 1
 * @param outage how the whole provider is down; null when it is up
 * @param cacheHitShare the share of model calls that read most of their prompt from the prompt cache; when it is over 0
 *     and the model charges cache writes, the other calls write that part
 * @param requestsPerMinute the most model calls in any clock minute before 429 is answered; 0 for no limit
 * @param models the models by id
 */
public record ProviderScript(
        @Nullable String apiKey,
        Latency latency,
        Duration perToken,
        int tokensPerChunk,
        List<ErrorRate> errors,
        @Nullable Outage outage,
        double cacheHitShare,
        long requestsPerMinute,
        Map<String, SimulatedModel> models) {

    /** Checks the values. */
    public ProviderScript {
        errors = List.copyOf(errors);
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        if (apiKey != null && apiKey.isBlank()) {
            throw new IllegalArgumentException("apiKey is blank, expected a key, or none to accept every request");
        }
        if (perToken.isNegative() || perToken.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("perToken is " + perToken + ", expected PT0S to PT1M");
        }
        if (tokensPerChunk < 1) {
            throw new IllegalArgumentException("tokensPerChunk is " + tokensPerChunk + ", expected 1 or more");
        }
        double shares = errors.stream().mapToDouble(ErrorRate::share).sum();
        if (shares > 1 + 1e-9) {
            throw new IllegalArgumentException("errors have shares of " + shares + " together, expected at most 1");
        }
        if (!(cacheHitShare >= 0 && cacheHitShare <= 1)) {
            throw new IllegalArgumentException("cacheHitShare is " + cacheHitShare + ", expected 0 to 1");
        }
        if (requestsPerMinute < 0) {
            throw new IllegalArgumentException("requestsPerMinute is " + requestsPerMinute + ", expected 0 or more");
        }
    }

    /** A provider that answers every request at once. */
    public static ProviderScript of(Map<String, SimulatedModel> models) {
        return new ProviderScript(null, Latency.none(), Duration.ZERO, 4, List.of(), null, 0, 0, models);
    }

    /** The same behaviour with a required key; null accepts every request. */
    public ProviderScript withApiKey(@Nullable String key) {
        return new ProviderScript(
                key, latency, perToken, tokensPerChunk, errors, outage, cacheHitShare, requestsPerMinute, models);
    }

    /** The same behaviour with another time to the first byte. */
    public ProviderScript withLatency(Latency other) {
        return new ProviderScript(
                apiKey, other, perToken, tokensPerChunk, errors, outage, cacheHitShare, requestsPerMinute, models);
    }

    /** The same behaviour with another time per output token. */
    public ProviderScript withPerToken(Duration time) {
        return new ProviderScript(
                apiKey, latency, time, tokensPerChunk, errors, outage, cacheHitShare, requestsPerMinute, models);
    }

    /** The same behaviour with another size of the chunks in streams. */
    public ProviderScript withTokensPerChunk(int tokens) {
        return new ProviderScript(
                apiKey, latency, perToken, tokens, errors, outage, cacheHitShare, requestsPerMinute, models);
    }

    /** The same behaviour with exactly these errors. */
    public ProviderScript withErrors(ErrorRate... rates) {
        return new ProviderScript(
                apiKey,
                latency,
                perToken,
                tokensPerChunk,
                List.of(rates),
                outage,
                cacheHitShare,
                requestsPerMinute,
                models);
    }

    /** The same behaviour with an outage; null for none. */
    public ProviderScript withOutage(@Nullable Outage kind) {
        return new ProviderScript(
                apiKey, latency, perToken, tokensPerChunk, errors, kind, cacheHitShare, requestsPerMinute, models);
    }

    /** The same behaviour with another share of prompt-cache hits. */
    public ProviderScript withCacheHitShare(double share) {
        return new ProviderScript(
                apiKey, latency, perToken, tokensPerChunk, errors, outage, share, requestsPerMinute, models);
    }

    /** The same behaviour with a rate limit; 0 for none. */
    public ProviderScript withRequestsPerMinute(long limit) {
        return new ProviderScript(
                apiKey, latency, perToken, tokensPerChunk, errors, outage, cacheHitShare, limit, models);
    }

    /** The same behaviour with one model added or replaced. */
    public ProviderScript withModel(String id, SimulatedModel model) {
        Map<String, SimulatedModel> changed = new LinkedHashMap<>(models);
        changed.put(id, model);
        return withModels(changed);
    }

    /** The same behaviour with exactly these models. */
    public ProviderScript withModels(Map<String, SimulatedModel> others) {
        return new ProviderScript(
                apiKey, latency, perToken, tokensPerChunk, errors, outage, cacheHitShare, requestsPerMinute, others);
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "ProviderScript[apiKey=" + (apiKey == null ? "none" : "set") + ", latency=" + latency + ", perToken="
                + perToken + ", tokensPerChunk=" + tokensPerChunk + ", errors=" + errors + ", outage=" + outage
                + ", cacheHitShare=" + cacheHitShare + ", requestsPerMinute=" + requestsPerMinute + ", models="
                + models + "]";
    }
}
