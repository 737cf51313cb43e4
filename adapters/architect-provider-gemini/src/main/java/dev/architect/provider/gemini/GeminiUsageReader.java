package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;

/**
 * Reads {@code usageMetadata}. Gemini counts cached tokens as part of the prompt, prompts of its own tools apart from the
 * prompt, and reasoning apart from the text of the answer, which it bills alike. A count of
 * zero is left out wherever the prompt is counted.
 */
final class GeminiUsageReader {

    private static final JsonNode NONE = IntNode.valueOf(0);

    private GeminiUsageReader() {}

    static UsageReader of(JsonNode counts) {
        JsonNode reasoning = counts.path("thoughtsTokenCount");
        UsageReader usage = new UsageReader();
        usage.put(UsageBucket.CACHE_READ_AUDIO, some(sum(counts.path("cacheTokensDetails"), "AUDIO")))
                .putRest(UsageBucket.CACHE_READ, counts.path("cachedContentTokenCount"), UsageBucket.CACHE_READ_AUDIO)
                .put(UsageBucket.INPUT_IMAGE, prompt(counts, "IMAGE"))
                .put(UsageBucket.INPUT_AUDIO, prompt(counts, "AUDIO"))
                .putRest(
                        UsageBucket.INPUT,
                        counts.path("promptTokenCount"),
                        UsageBucket.CACHE_READ,
                        UsageBucket.CACHE_READ_AUDIO,
                        UsageBucket.INPUT_IMAGE,
                        UsageBucket.INPUT_AUDIO)
                // Added after the rest was taken: promptTokenCount does not include it.
                .add(UsageBucket.INPUT, counts.path("toolUsePromptTokenCount"))
                // Gemini leaves out fields of zero, so a reply that counts its prompt has counted its output too.
                .put(UsageBucket.OUTPUT, counts.hasNonNull("promptTokenCount") ? NONE : MissingNode.getInstance())
                .put(UsageBucket.OUTPUT_IMAGE, some(answer(counts, "IMAGE")))
                .put(UsageBucket.OUTPUT_AUDIO, some(answer(counts, "AUDIO")))
                .putRest(
                        UsageBucket.OUTPUT,
                        counts.path("candidatesTokenCount"),
                        UsageBucket.OUTPUT_IMAGE,
                        UsageBucket.OUTPUT_AUDIO)
                .add(UsageBucket.OUTPUT, reasoning)
                .put(UsageBucket.REASONING_IN_OUTPUT, reasoning);
        return isTotal(counts, usage) && statesKinds(counts) ? usage : usage.estimated();
    }

    /** False where some of a prompt with sound came from the cache and the reply does not state how much of which. */
    private static boolean statesKinds(JsonNode counts) {
        return counts.path("cachedContentTokenCount").asLong(0) == 0
                || counts.path("cacheTokensDetails").isArray()
                || sum(counts.path("promptTokensDetails"), "AUDIO") == 0;
    }

    /** The tokens of a kind that were not read from a cache; unknown where the reply does not state the kind of the cached ones. */
    private static JsonNode prompt(JsonNode counts, String modality) {
        JsonNode cached = counts.path("cacheTokensDetails");
        // Image tokens may be among the cached ones; counted twice they would be billed at two prices.
        if (counts.path("cachedContentTokenCount").asLong(0) > 0 && !cached.isArray()) {
            return MissingNode.getInstance();
        }
        return some(sum(counts.path("promptTokensDetails"), modality) - sum(cached, modality));
    }

    private static long answer(JsonNode counts, String modality) {
        return sum(counts.path("candidatesTokensDetails"), modality);
    }

    private static long sum(JsonNode details, String modality) {
        long sum = 0;
        for (JsonNode detail : details) {
            if (detail.path("modality").asText("").equals(modality)) {
                sum += detail.path("tokenCount").asLong(0);
            }
        }
        return sum;
    }

    private static JsonNode some(long count) {
        return count == 0 ? MissingNode.getInstance() : LongNode.valueOf(count);
    }

    /** Whether the counts add up to the total that Gemini states, if it states one. */
    private static boolean isTotal(JsonNode counts, UsageReader usage) {
        JsonNode total = counts.path("totalTokenCount");
        if (!total.isIntegralNumber()) {
            return true;
        }
        TokenUsage counted = usage.usage();
        return total.longValue() == counted.promptTokens() + counted.completionTokens();
    }
}
