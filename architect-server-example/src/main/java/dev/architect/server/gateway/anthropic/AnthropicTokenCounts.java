package dev.architect.server.gateway.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;

/** Usage in Anthropic's form: what was read from a cache or written to one is not among the input tokens. */
final class AnthropicTokenCounts {

    private AnthropicTokenCounts() {}

    static ObjectNode of(TokenUsage usage) {
        long read = usage.count(UsageBucket.CACHE_READ) + usage.count(UsageBucket.CACHE_READ_AUDIO);
        long shortly = usage.count(UsageBucket.CACHE_WRITE_5M);
        long longer = usage.count(UsageBucket.CACHE_WRITE_1H);
        long written = shortly + longer + usage.count(UsageBucket.CACHE_WRITE);
        ObjectNode json = JsonResponseWriter.object()
                .put("input_tokens", usage.promptTokens() - read - written)
                .put("cache_creation_input_tokens", written)
                .put("cache_read_input_tokens", read)
                .put("output_tokens", usage.completionTokens());
        json.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", written - longer)
                .put("ephemeral_1h_input_tokens", longer);
        return json;
    }
}
