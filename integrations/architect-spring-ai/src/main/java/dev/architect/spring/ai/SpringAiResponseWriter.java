package dev.architect.spring.ai;

import dev.architect.chat.ChatResponse;
import dev.architect.library.bridge.AssistantTurn;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.util.List;
import java.util.Map;
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
    static org.springframework.ai.chat.model.ChatResponse writeWhole(ChatResponse answer) {
        return response(answer, answer.text());
    }

    /** The end of a stream: all but the text, which came in deltas. */
    static org.springframework.ai.chat.model.ChatResponse writeLast(ChatResponse answer) {
        return response(answer, "");
    }

    /** A delta of the text. */
    static org.springframework.ai.chat.model.ChatResponse writeText(String delta) {
        return chunk(new AssistantMessage(delta));
    }

    /** The reasoning so far, as integrations of Spring AI write it. */
    static org.springframework.ai.chat.model.ChatResponse writeReasoning(String soFar) {
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
                List.of(new Generation(
                        SpringAiMessageWriter.assistant(AssistantTurn.ofAnswer(answer.content()), text), end)),
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
        // Half of the range, because Spring AI's total is the sum of two such counts.
        return (int) Math.min(Integer.MAX_VALUE / 2, tokens);
    }
}
