package dev.architect.library.bridge;

import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of an answer as text that a foreign message carries beside its own fields, so that reasoning, signatures and the
 * order of the parts are still there when the message comes back as history.
 */
public final class EmbeddedContent {

    /** Under this name foreign messages carry it. */
    public static final String KEY = "architect.content";

    private EmbeddedContent() {}

    /** Returns the text to carry; empty when the foreign fields say it all: text first, then calls, nothing signed. */
    public static Optional<String> of(List<Part> content) {
        List<Part> plain = new ArrayList<>();
        if (!Message.text(content).isEmpty()) {
            plain.add(new Part.Text(Message.text(content)));
        }
        Message.toolCalls(content)
                .forEach(call -> plain.add(Part.ToolCall.of(call.id(), call.name(), call.arguments())));
        return plain.equals(content)
                ? Optional.empty()
                : Optional.of(TextCodec.pack(
                        content.stream().map(EmbeddedContent::fields).toList()));
    }

    /**
     * Returns the content that was carried, if the message's own fields still say the same.
     *
     * @param carriedOrNull what the message carries
     * @param text the message's text
     * @param calls the message's tool calls
     */
    public static Optional<List<Part>> read(@Nullable Object carriedOrNull, String text, List<Part.ToolCall> calls) {
        return carriedOrNull instanceof String carried
                ? unpack(carried)
                        .filter(content -> Message.text(content).equals(text))
                        .filter(content -> sameCalls(Message.toolCalls(content), calls))
                : Optional.empty();
    }

    private static boolean sameCalls(List<Part.ToolCall> carried, List<Part.ToolCall> told) {
        return carried.stream()
                .map(call -> Part.ToolCall.of(call.id(), call.name(), call.arguments()))
                .toList()
                .equals(told);
    }

    private static List<@Nullable String> fields(Part part) {
        if (part instanceof Part.Text text) {
            return List.of("text", text.text());
        }
        if (part instanceof Part.Reasoning reasoning) {
            return signed(reasoning.signature().orElse(null), "reasoning", reasoning.text());
        }
        if (part instanceof Part.ToolCall call) {
            return signed(call.signature().orElse(null), "call", call.id(), call.name(), call.arguments());
        }
        throw new IllegalArgumentException("answer holds " + part + ", expected text, reasoning and tool calls");
    }

    private static List<@Nullable String> signed(@Nullable Signature signature, String... fields) {
        List<@Nullable String> all = new ArrayList<>(Arrays.asList(fields));
        all.add(signature == null ? null : signature.provider());
        all.add(signature == null ? null : signature.value());
        return all;
    }

    private static Optional<List<Part>> unpack(String carried) {
        List<Part> content = new ArrayList<>();
        try {
            for (Object fields : (List<?>) TextCodec.unpack(carried).orElse(List.of())) {
                content.add(part((List<?>) fields));
            }
            return Optional.of(content);
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static Part part(List<?> fields) {
        return switch (word(fields, 0)) {
            case "text" -> new Part.Text(word(fields, 1));
            case "reasoning" -> new Part.Reasoning(word(fields, 1), Optional.ofNullable(signature(fields, 2)));
            case "call" ->
                new Part.ToolCall(
                        word(fields, 1), word(fields, 2), word(fields, 3), Optional.ofNullable(signature(fields, 4)));
            default -> throw new IllegalArgumentException("no part is called " + word(fields, 0));
        };
    }

    private static String word(List<?> fields, int index) {
        return String.valueOf(fields.get(index));
    }

    private static @Nullable Signature signature(List<?> fields, int index) {
        return fields.get(index) == null ? null : new Signature(word(fields, index), word(fields, index + 1));
    }
}
