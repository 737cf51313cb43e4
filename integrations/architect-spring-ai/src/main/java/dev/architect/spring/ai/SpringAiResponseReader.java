package dev.architect.spring.ai;

import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.StopReason;
import dev.architect.library.bridge.LibraryAnswerAssembler;
import dev.architect.library.bridge.TextCodec;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
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
 * proofs of a vendor's reasoning, travels as the signature of a reasoning part and comes back with the history. For the thread
 * that asked alone.
 */
final class SpringAiResponseReader {

    private static final String THOUGHT_FLAG = "isThought";
    private static final List<String> REASONING = List.of(SpringAiMessageWriter.REASONING, "thinking");

    private final String provider;
    private final ProviderCall call;
    private final LibraryAnswerAssembler heard;
    private final Function<Usage, TokenUsage> usage;
    private final Function<String, ProviderException> broken;
    private final StringBuilder reasoning = new StringBuilder();
    private final Map<String, Object> carried = new LinkedHashMap<>();
    private String model;
    private @Nullable String id;
    private @Nullable String finishReason;
    private TokenUsage used = TokenUsage.UNKNOWN;

    SpringAiResponseReader(
            String provider,
            ProviderCall call,
            LibraryAnswerAssembler heard,
            Function<Usage, TokenUsage> usage,
            Function<String, ProviderException> broken) {
        this.provider = provider;
        this.call = call;
        this.heard = heard;
        this.usage = usage;
        this.broken = broken;
        this.model = call.model();
    }

    /** Hears the whole answer or its next chunk. */
    void hear(ChatResponse chunk) {
        for (Generation generation : chunk.getResults()) {
            hear(generation.getOutput());
            String reason = generation.getMetadata().getFinishReason();
            if (reason != null && !reason.isBlank()) {
                finishReason = reason;
            }
        }
        ChatResponseMetadata metadata = chunk.getMetadata();
        if (!metadata.getModel().isBlank()) {
            model = metadata.getModel();
        }
        if (!metadata.getId().isBlank()) {
            id = metadata.getId();
        }
        TokenUsage counted = usage.apply(metadata.getUsage());
        if (!counted.isUnknown()) {
            used = counted;
            heard.usage(counted);
        }
    }

    private void hear(AssistantMessage message) {
        if (!message.getMedia().isEmpty()) {
            throw broken.apply("answer holds media, expected text, reasoning and tool calls");
        }
        Map<String, Object> metadata = message.getMetadata();
        REASONING.stream()
                .map(metadata::get)
                .filter(String.class::isInstance)
                .findFirst()
                .ifPresent(words -> reason((String) words));
        String text = message.getText() == null ? "" : message.getText();
        if (Boolean.parseBoolean(String.valueOf(metadata.get(THOUGHT_FLAG)))) {
            heard.reasoning(text);
        } else {
            heard.text(text);
        }
        for (AssistantMessage.ToolCall asked : message.getToolCalls()) {
            int index = heard.toolCalls();
            heard.toolCall(
                    index,
                    isBlank(asked.id()) ? "call-" + call.request().messages().size() + "-" + index : asked.id(),
                    asked.name(),
                    asked.arguments() == null ? "" : asked.arguments());
        }
        carried.putAll(TextCodec.plainOf(metadata));
        carried.remove(AbstractMessage.MESSAGE_TYPE);
    }

    /** Some integrations repeat in each chunk what was thought so far, others say only what is new. */
    private void reason(String words) {
        String soFar = reasoning.toString();
        String piece = words.startsWith(soFar) ? words.substring(soFar.length()) : words;
        reasoning.append(piece);
        heard.reasoning(piece);
    }

    /** Returns the answer after its last chunk. */
    ProviderAnswer end() {
        if (heard.hasReasoning() || (heard.toolCalls() > 0 && !carried.isEmpty())) {
            REASONING.stream().filter(carried::containsKey).forEach(key -> carried.put(key, reasoning.toString()));
            heard.sign(new Signature(provider, TextCodec.pack(carried)));
        }
        StopReason stopReason = SpringAiFinishReasons.read(finishReason, heard.toolCalls() > 0);
        heard.stop(stopReason);
        return ProviderAnswer.builder(model, content(), stopReason)
                .usage(used, used.isUnknown() ? UsageSource.ESTIMATED : UsageSource.REPORTED)
                .requestId(id)
                .build();
    }

    private List<Part> content() {
        try {
            return heard.content();
        } catch (IllegalArgumentException badPart) {
            throw broken.apply(String.valueOf(badPart.getMessage()));
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
