package dev.architect.spring.ai;

import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads Spring AI's counts as disjoint ones. Its integrations hand on what their vendors count, and those differ: cached tokens
 * are part of the prompt's with OpenAI and its like, and beside them with Anthropic and Bedrock (spring-ai-openai and
 * spring-ai-anthropic 2.0.1, read 2026-11-22). The type of its own counts identifies the vendor.
 */
final class SpringAiUsageReader {

    private SpringAiUsageReader() {}

    /** Two zeros are how Spring AI reports that nothing was counted. */
    static TokenUsage read(Usage usage) {
        long prompt = count(usage.getPromptTokens());
        long completion = count(usage.getCompletionTokens());
        if (prompt == 0 && completion == 0) {
            return TokenUsage.UNKNOWN;
        }
        long read = count(usage.getCacheReadInputTokens());
        long written = count(usage.getCacheWriteInputTokens());
        // More cached tokens than the prompt has can only be counted beside it, whatever vendor it is.
        boolean beside = countsCacheBeside(usage.getNativeUsage()) || read + written > prompt;
        TokenUsage.Builder buckets = TokenUsage.builder()
                .add(UsageBucket.INPUT, beside ? prompt : prompt - read - written)
                .add(UsageBucket.OUTPUT, completion);
        if (usage.getCacheReadInputTokens() != null) {
            buckets.add(UsageBucket.CACHE_READ, read);
        }
        if (usage.getCacheWriteInputTokens() != null) {
            buckets.add(UsageBucket.CACHE_WRITE, written);
        }
        return buckets.build();
    }

    private static boolean countsCacheBeside(@Nullable Object counts) {
        String type = counts == null ? "" : counts.getClass().getName();
        return type.startsWith("com.anthropic.") || type.startsWith("software.amazon.");
    }

    private static long count(@Nullable Number tokens) {
        return tokens == null ? 0 : Math.max(0, tokens.longValue());
    }
}
