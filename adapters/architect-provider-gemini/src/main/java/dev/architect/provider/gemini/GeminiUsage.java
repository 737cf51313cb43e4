package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.provider.http.UsageReader;
import dev.architect.usage.UsageBucket;

/**
 * Reads {@code usageMetadata}. Gemini counts cached tokens as part of the prompt, prompts of its own tools apart from the
 * prompt, and thoughts apart from the words of the answer, which it bills alike. A count of
 * zero is left out wherever the prompt is counted.
 */
final class GeminiUsage {

    private static final JsonNode NONE = IntNode.valueOf(0);

    private GeminiUsage() {}

    static UsageReader of(JsonNode counts) {
        JsonNode thoughts = counts.path("thoughtsTokenCount");
        UsageReader usage = new UsageReader()
                .put(UsageBucket.CACHE_READ, counts.path("cachedContentTokenCount"))
                .putRest(UsageBucket.INPUT, counts.path("promptTokenCount"), UsageBucket.CACHE_READ)
                .add(UsageBucket.INPUT, counts.path("toolUsePromptTokenCount"))
                .put(UsageBucket.OUTPUT, counts.hasNonNull("promptTokenCount") ? NONE : MissingNode.getInstance())
                .add(UsageBucket.OUTPUT, counts.path("candidatesTokenCount"))
                .add(UsageBucket.OUTPUT, thoughts)
                .put(UsageBucket.REASONING_IN_OUTPUT, thoughts);
        return isTotal(counts, usage) ? usage : usage.estimated();
    }

    /** Whether the counts add up to the total that Gemini states, if it states one. */
    private static boolean isTotal(JsonNode counts, UsageReader usage) {
        JsonNode total = counts.path("totalTokenCount");
        return !total.isIntegralNumber()
                || total.longValue()
                        == usage.usage().promptTokens() + usage.usage().completionTokens();
    }
}
