package dev.architect.spring.ai;

import dev.architect.library.bridge.TextCodec;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Reads one answer of Spring AI, which comes whole or in chunks. What integrations keep in a message's metadata, such as the
 * proofs of a vendor's reasoning, travels as the signature of a reasoning part and comes back with the history. Used by the
 * calling thread alone.
 */
final class SpringAiResponseReader {

    private static final String REASONING_FLAG = "isThought";
    private static final List<String> REASONING = List.of(SpringAiMessageWriter.REASONING, "thinking");

    private final AnswerAssembler answer;
    private final Function<Usage, TokenUsage> usage;
    private final StringBuilder reasoning = new StringBuilder();
    private final Map<String, Object> encoded = new LinkedHashMap<>();
    private @Nullable String id;
    private @Nullable String finishReason;

    SpringAiResponseReader(AnswerAssembler answer, Function<Usage, TokenUsage> usage) {
        this.answer = answer;
        this.usage = usage;
    }

    /** Reads the whole answer or its next chunk. */
    void readChunk(ChatResponse chunk) {
        for (Generation generation : chunk.getResults()) {
            read(generation.getOutput());
            String reason = generation.getMetadata().getFinishReason();
            if (reason != null && !reason.isBlank()) {
                finishReason = reason;
            }
        }
        ChatResponseMetadata metadata = chunk.getMetadata();
        answer.reportModel(metadata.getModel());
        if (!metadata.getId().isBlank()) {
            id = metadata.getId();
        }
        answer.reportUsage(usage.apply(metadata.getUsage()), UsageSource.REPORTED);
    }

    private void read(AssistantMessage message) {
        if (!message.getMedia().isEmpty()) {
            throw protocolFailure("answer holds media, expected text, reasoning and tool calls");
        }
        Map<String, Object> metadata = message.getMetadata();
        REASONING.stream()
                .map(metadata::get)
                .filter(String.class::isInstance)
                .findFirst()
                .ifPresent(text -> appendReasoning((String) text));
        String text = orEmpty(message.getText());
        if (Boolean.parseBoolean(String.valueOf(metadata.get(REASONING_FLAG)))) {
            answer.appendReasoning(text);
        } else {
            answer.appendText(text);
        }
        for (AssistantMessage.ToolCall call : message.getToolCalls()) {
            answer.appendToolCall(
                    answer.toolCallCount(), orEmpty(call.id()), orEmpty(call.name()), orEmpty(call.arguments()));
        }
        encoded.putAll(TextCodec.encodableEntries(metadata));
        // Spring AI sets it on each message itself.
        encoded.remove(AbstractMessage.MESSAGE_TYPE);
    }

    /** Some integrations repeat in each chunk the reasoning so far, others have only what is new. */
    private void appendReasoning(String text) {
        String soFar = reasoning.toString();
        String delta = text.startsWith(soFar) ? text.substring(soFar.length()) : text;
        reasoning.append(delta);
        answer.appendReasoning(delta);
    }

    /** Returns the answer after its last chunk. */
    ProviderAnswer finish() {
        if (answer.hasUnnamedToolCall()) {
            throw protocolFailure("tool call has no name");
        }
        if (answer.hasReasoning() || (answer.toolCallCount() > 0 && !encoded.isEmpty())) {
            // Chunks overwrite each other's metadata, so the last one may hold only a part of the reasoning.
            REASONING.stream().filter(encoded::containsKey).forEach(key -> encoded.put(key, reasoning.toString()));
            answer.signLastReasoning(TextCodec.encode(encoded));
        }
        StopReason stopReason = SpringAiFinishReasons.read(finishReason, answer.toolCallCount() > 0);
        answer.finish(stopReason);
        return answer.answer(stopReason).requestId(id).build();
    }

    private ProviderException protocolFailure(String explanation) {
        return answer.failure(FailureKind.PROTOCOL).explanation(explanation).build();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
