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
 * Encodes the content of an answer as text that a library's message carries beside its own fields, so that reasoning, signatures and the
 * order of the parts are still there when the message comes back as history.
 */
public final class EmbeddedContent {

    /** The name under which the metadata of messages carries it. */
    public static final String METADATA_KEY = "architect.content";

    private EmbeddedContent() {}

    /** Returns the text to carry; empty when the fields of a message express all of it: text first, then calls, nothing signed. */
    public static Optional<String> encode(List<Part> content) {
        List<Part> plain = new ArrayList<>();
        if (!Message.text(content).isEmpty()) {
            plain.add(new Part.Text(Message.text(content)));
        }
        Message.toolCalls(content)
                .forEach(call -> plain.add(Part.ToolCall.of(call.id(), call.name(), call.arguments())));
        // Most answers need no copy: it would double the history that a host stores.
        return plain.equals(content)
                ? Optional.empty()
                : Optional.of(TextCodec.encode(
                        content.stream().map(EmbeddedContent::fields).toList()));
    }

    /**
     * Returns the content that was embedded, if the message's own fields still agree with it.
     *
     * @param embeddedOrNull what the message carries
     * @param text the message's text
     * @param calls the message's tool calls
     */
    public static Optional<List<Part>> decode(@Nullable Object embeddedOrNull, String text, List<Part.ToolCall> calls) {
        return embeddedOrNull instanceof String embedded
                ? parts(embedded)
                        // A host may have edited the message; its own fields then count, and the signatures no longer
                        // fit.
                        .filter(content -> Message.text(content).equals(text))
                        .filter(content -> sameCalls(Message.toolCalls(content), calls))
                : Optional.empty();
    }

    private static boolean sameCalls(List<Part.ToolCall> embedded, List<Part.ToolCall> actual) {
        return embedded.stream()
                .map(call -> Part.ToolCall.of(call.id(), call.name(), call.arguments()))
                .toList()
                .equals(actual);
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

    private static Optional<List<Part>> parts(String embedded) {
        List<Part> content = new ArrayList<>();
        try {
            for (Object fields : (List<?>) TextCodec.decode(embedded).orElse(List.of())) {
                content.add(part((List<?>) fields));
            }
            return Optional.of(content);
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static Part part(List<?> fields) {
        return switch (text(fields, 0)) {
            case "text" -> new Part.Text(text(fields, 1));
            case "reasoning" -> new Part.Reasoning(text(fields, 1), Optional.ofNullable(signature(fields, 2)));
            case "call" ->
                new Part.ToolCall(
                        text(fields, 1), text(fields, 2), text(fields, 3), Optional.ofNullable(signature(fields, 4)));
            default -> throw new IllegalArgumentException("no part is of kind " + text(fields, 0));
        };
    }

    private static String text(List<?> fields, int index) {
        return String.valueOf(fields.get(index));
    }

    private static @Nullable Signature signature(List<?> fields, int index) {
        return fields.get(index) == null ? null : new Signature(text(fields, index), text(fields, index + 1));
    }
}
