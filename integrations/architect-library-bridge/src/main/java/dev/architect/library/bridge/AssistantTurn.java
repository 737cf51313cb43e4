package dev.architect.library.bridge;

import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.model.ProviderException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A turn of the assistant in the fields that messages of other libraries have. {@code toString} shows no text.
 *
 * @param text the whole text; may be empty
 * @param reasoning the whole reasoning; may be empty
 * @param calls the tool calls, in order
 * @param metadata what the message carries beside its fields, by name
 */
public record AssistantTurn(String text, String reasoning, List<Part.ToolCall> calls, Map<String, Object> metadata) {

    /** Copies the calls and the metadata, whose order is kept. */
    public AssistantTurn {
        calls = List.copyOf(calls);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Returns an earlier answer as its provider gets it back: with reasoning that this provider has signed, and with the metadata
     * that was encoded in its signatures.
     *
     * @param provider the name of the provider that is called
     * @param unsupported makes the failure for parts that no answer has
     */
    public static AssistantTurn forProvider(
            Message message, String provider, Function<String, ProviderException> unsupported) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.Reasoning reasoning) {
                if (isOf(provider, reasoning)) {
                    metadata.putAll(decoded(reasoning));
                }
            } else if (!(part instanceof Part.Text || part instanceof Part.ToolCall)) {
                throw unsupported.apply(
                        "message of the assistant holds " + part + ", expected text, reasoning and tool calls");
            }
        }
        return new AssistantTurn(
                message.text(),
                reasoning(message.parts(), reasoning -> isOf(provider, reasoning)),
                message.toolCalls(),
                metadata);
    }

    /** Returns an answer as the host gets it: with all reasoning, and with its content under {@link EmbeddedContent#METADATA_KEY}. */
    public static AssistantTurn ofAnswer(List<Part> content) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        EmbeddedContent.encode(content).ifPresent(embedded -> metadata.put(EmbeddedContent.METADATA_KEY, embedded));
        return new AssistantTurn(
                Message.text(content), reasoning(content, reasoning -> true), Message.toolCalls(content), metadata);
    }

    private static String reasoning(List<Part> parts, Predicate<Part.Reasoning> included) {
        return parts.stream()
                .filter(part -> part instanceof Part.Reasoning reasoning && included.test(reasoning))
                .map(part -> ((Part.Reasoning) part).text())
                .collect(Collectors.joining());
    }

    private static boolean isOf(String provider, Part.Reasoning reasoning) {
        return reasoning
                .signature()
                .map(Signature::provider)
                .filter(provider::equals)
                .isPresent();
    }

    @SuppressWarnings("unchecked") // TextCodec decodes maps by strings only.
    private static Map<String, Object> decoded(Part.Reasoning reasoning) {
        return reasoning
                .signature()
                .flatMap(signature -> TextCodec.decode(signature.value()))
                .filter(Map.class::isInstance)
                .map(metadata -> (Map<String, Object>) metadata)
                .orElse(Map.of());
    }

    @Override
    public String toString() {
        return "AssistantTurn[" + text.length() + " characters, " + calls.size() + " calls]";
    }
}
