package dev.architect.langchain4j;

import dev.architect.chat.ChatResponse;
import dev.architect.library.bridge.AssistantTurn;
import dev.architect.model.StopReason;
import dev.architect.usage.UsageBucket;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Writes answers as LangChain4j's. */
final class LangChain4jResponseWriter {

    private LangChain4jResponseWriter() {}

    static dev.langchain4j.model.chat.response.ChatResponse write(ChatResponse answer) {
        return dev.langchain4j.model.chat.response.ChatResponse.builder()
                .aiMessage(LangChain4jMessageWriter.assistant(AssistantTurn.ofAnswer(answer.content())))
                .metadata(ArchitectLangChain4jResponseMetadata.of(
                        answer, usage(answer.usage()), reason(answer.stopReason())))
                .build();
    }

    /** What is unknown stays null. */
    private static TokenUsage usage(dev.architect.usage.TokenUsage usage) {
        return new TokenUsage(
                count(usage, UsageBucket.Side.PROMPT, usage.promptTokens()),
                count(usage, UsageBucket.Side.COMPLETION, usage.completionTokens()));
    }

    private static @Nullable Integer count(dev.architect.usage.TokenUsage usage, UsageBucket.Side side, long tokens) {
        boolean isKnown = usage.counts().keySet().stream().anyMatch(bucket -> bucket.side() == side);
        // LangChain4j counts in int; a count that is cut is better than one that is negative.
        return isKnown ? (int) Math.min(Integer.MAX_VALUE, tokens) : null;
    }

    private static FinishReason reason(StopReason reason) {
        return switch (reason) {
            case COMPLETE, STOP_SEQUENCE -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case TOOL_CALLS -> FinishReason.TOOL_EXECUTION;
            case REFUSED -> FinishReason.CONTENT_FILTER;
            case PAUSED, OTHER -> FinishReason.OTHER;
        };
    }
}
