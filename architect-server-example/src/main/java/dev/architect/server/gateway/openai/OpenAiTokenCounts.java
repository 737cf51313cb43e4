package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;

/** Usage in OpenAI's two forms: prompt counts include what was read from a cache. */
final class OpenAiTokenCounts {

    private OpenAiTokenCounts() {}

    /** As in chat completions. */
    static ObjectNode ofChat(TokenUsage usage) {
        ObjectNode json = JsonResponseWriter.object()
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens());
        json.putObject("prompt_tokens_details").put("cached_tokens", cached(usage));
        json.putObject("completion_tokens_details").put("reasoning_tokens", reasoning(usage));
        return json;
    }

    /** As in responses. */
    static ObjectNode ofResponse(TokenUsage usage) {
        ObjectNode json = JsonResponseWriter.object()
                .put("input_tokens", usage.promptTokens())
                .put("output_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens());
        json.putObject("input_tokens_details")
                .put("cached_tokens", cached(usage))
                .put("cache_write_tokens", written(usage));
        json.putObject("output_tokens_details").put("reasoning_tokens", reasoning(usage));
        return json;
    }

    private static long cached(TokenUsage usage) {
        return usage.count(UsageBucket.CACHE_READ) + usage.count(UsageBucket.CACHE_READ_AUDIO);
    }

    private static long written(TokenUsage usage) {
        return usage.count(UsageBucket.CACHE_WRITE)
                + usage.count(UsageBucket.CACHE_WRITE_5M)
                + usage.count(UsageBucket.CACHE_WRITE_1H);
    }

    private static long reasoning(TokenUsage usage) {
        return usage.count(UsageBucket.REASONING) + usage.count(UsageBucket.REASONING_IN_OUTPUT);
    }
}
