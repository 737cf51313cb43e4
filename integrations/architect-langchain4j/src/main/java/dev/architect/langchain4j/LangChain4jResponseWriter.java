package dev.architect.langchain4j;

import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.StopReason;
import dev.architect.library.bridge.EmbeddedContent;
import dev.architect.usage.UsageBucket;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes answers as LangChain4j's. */
final class LangChain4jResponseWriter {

    private LangChain4jResponseWriter() {}

    static dev.langchain4j.model.chat.response.ChatResponse of(ChatResponse answer) {
        return dev.langchain4j.model.chat.response.ChatResponse.builder()
                .aiMessage(message(answer))
                .metadata(ArchitectLangChain4jResponseMetadata.of(
                        answer, usage(answer.usage()), reason(answer.stopReason())))
                .build();
    }

    private static AiMessage message(ChatResponse answer) {
        List<ToolExecutionRequest> calls = answer.toolCalls().stream()
                .map(LangChain4jResponseWriter::request)
                .toList();
        String thinking = answer.content().stream()
                .filter(Part.Reasoning.class::isInstance)
                .map(part -> ((Part.Reasoning) part).text())
                .collect(Collectors.joining());
        return AiMessage.builder()
                .text(answer.text().isEmpty() && !calls.isEmpty() ? null : answer.text())
                .thinking(thinking.isEmpty() ? null : thinking)
                .toolExecutionRequests(calls)
                .attributes(EmbeddedContent.of(answer.content())
                        .<Map<String, Object>>map(carried -> Map.of(EmbeddedContent.KEY, carried))
                        .orElse(Map.of()))
                .build();
    }

    static ToolExecutionRequest request(Part.ToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(call.arguments())
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
