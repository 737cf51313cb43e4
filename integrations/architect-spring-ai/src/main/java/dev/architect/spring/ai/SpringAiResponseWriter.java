package dev.architect.spring.ai;

import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.library.bridge.EmbeddedContent;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.Generation;

/** Writes answers as Spring AI's. */
final class SpringAiResponseWriter {

    private SpringAiResponseWriter() {}

    /** The whole answer. */
    static org.springframework.ai.chat.model.ChatResponse whole(ChatResponse answer) {
        return response(answer, answer.text());
    }

    /** The end of a stream: all but the text, which was said in pieces. */
    static org.springframework.ai.chat.model.ChatResponse last(ChatResponse answer) {
        return response(answer, "");
    }

    /** A piece of the text. */
    static org.springframework.ai.chat.model.ChatResponse text(String piece) {
        return chunk(new AssistantMessage(piece));
    }

    /** What was thought so far, as integrations of Spring AI say it. */
    static org.springframework.ai.chat.model.ChatResponse reasoning(String soFar) {
        return chunk(AssistantMessage.builder()
                .content("")
                .properties(Map.of(SpringAiMessageWriter.REASONING, soFar))
                .build());
    }

    private static org.springframework.ai.chat.model.ChatResponse chunk(AssistantMessage message) {
        return new org.springframework.ai.chat.model.ChatResponse(List.of(new Generation(message)));
    }

    private static org.springframework.ai.chat.model.ChatResponse response(ChatResponse answer, String text) {
        ChatGenerationMetadata end = ChatGenerationMetadata.builder()
                .finishReason(SpringAiFinishReasons.write(answer.stopReason()))
                .build();
        return new org.springframework.ai.chat.model.ChatResponse(
                List.of(new Generation(message(answer, text), end)),
                ChatResponseMetadata.builder()
                        .model(answer.model().toString())
                        .usage(usage(answer.usage()))
                        .keyValue(ArchitectSpringAiResponseMetadata.ANSWER, answer)
                        .keyValue(ArchitectSpringAiResponseMetadata.COST, answer.cost())
                        .keyValue(
                                ArchitectSpringAiResponseMetadata.BASELINE,
                                answer.cost().baseline())
                        .build());
    }

    private static AssistantMessage message(ChatResponse answer, String text) {
        String thinking = answer.content().stream()
                .filter(Part.Reasoning.class::isInstance)
                .map(part -> ((Part.Reasoning) part).text())
                .collect(Collectors.joining());
        Map<String, Object> properties = new LinkedHashMap<>();
        if (!thinking.isEmpty()) {
            properties.put(SpringAiMessageWriter.REASONING, thinking);
        }
        EmbeddedContent.of(answer.content()).ifPresent(carried -> properties.put(EmbeddedContent.KEY, carried));
        return AssistantMessage.builder()
                .content(text)
                .properties(properties)
                .toolCalls(answer.toolCalls().stream()
                        .map(call ->
                                new AssistantMessage.ToolCall(call.id(), "function", call.name(), call.arguments()))
                        .toList())
                .build();
    }

    /** Spring AI's three counts, in which cached tokens are part of the prompt's; Architect's own are the native ones. */
    private static DefaultUsage usage(TokenUsage usage) {
        int prompt = count(usage.promptTokens());
        int completion = count(usage.completionTokens());
        long written = usage.count(UsageBucket.CACHE_WRITE)
                + usage.count(UsageBucket.CACHE_WRITE_5M)
                + usage.count(UsageBucket.CACHE_WRITE_1H);
        return new DefaultUsage(
                prompt,
                completion,
                prompt + completion,
                usage,
                orNull(usage.count(UsageBucket.CACHE_READ)),
                orNull(written));
    }

    private static @Nullable Long orNull(long tokens) {
        return tokens == 0 ? null : tokens;
    }

    private static int count(long tokens) {
        return (int) Math.min(Integer.MAX_VALUE / 2, tokens);
    }
}
