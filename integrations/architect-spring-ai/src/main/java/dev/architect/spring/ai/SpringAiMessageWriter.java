package dev.architect.spring.ai;

import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.library.bridge.AssistantTurn;
import dev.architect.model.ProviderException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Writes turns as Spring AI's messages. A turn with results of tools becomes a message of them, and the rest of it another, whose
 * texts are one and stand before its media. Which results are failures is in the message's metadata, under {@link
 * #FAILED_CALLS}.
 */
final class SpringAiMessageWriter {

    /** Ids of the calls whose result is a failure; Spring AI has no field for it. */
    static final String FAILED_CALLS = "architect.failedCalls";

    /** Where Spring AI's integrations keep a model's reasoning. */
    static final String REASONING = "reasoningContent";

    private final String provider;
    private final Function<String, ProviderException> unsupported;

    SpringAiMessageWriter(String provider, Function<String, ProviderException> unsupported) {
        this.provider = provider;
        this.unsupported = unsupported;
    }

    List<org.springframework.ai.chat.messages.Message> write(Message message) {
        if (message.role() == Role.USER) {
            return user(message);
        }
        AssistantTurn turn = AssistantTurn.forProvider(message, provider, unsupported);
        return List.of(assistant(turn, turn.text()));
    }

    private List<org.springframework.ai.chat.messages.Message> user(Message message) {
        List<org.springframework.ai.chat.messages.Message> messages = new ArrayList<>();
        List<Part.ToolResult> results = new ArrayList<>();
        List<org.springframework.ai.content.Media> media = new ArrayList<>();
        boolean hasText = false;
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                results.add(result);
            } else if (part instanceof Part.Image image) {
                media.add(media(image.media(), "image", null));
            } else if (part instanceof Part.Document document) {
                media.add(media(document.media(), "application", document.name()));
            } else if (part instanceof Part.Text) {
                hasText = true;
            } else {
                throw unsupported.apply(
                        "message of the user holds " + part + ", expected text, images, documents and tool results");
            }
        }
        if (!results.isEmpty()) {
            messages.add(results(results));
        }
        if (hasText || !media.isEmpty()) {
            messages.add(UserMessage.builder().text(message.text()).media(media).build());
        }
        return messages;
    }

    private static ToolResponseMessage results(List<Part.ToolResult> results) {
        List<String> failed = results.stream()
                .filter(Part.ToolResult::isError)
                .map(Part.ToolResult::callId)
                .toList();
        return ToolResponseMessage.builder()
                .responses(results.stream()
                        .map(result ->
                                new ToolResponseMessage.ToolResponse(result.callId(), result.name(), result.text()))
                        .toList())
                .metadata(failed.isEmpty() ? Map.of() : Map.of(FAILED_CALLS, failed))
                .build();
    }

    /** A link without a type is one of the family, as {@code image/*}. */
    private static org.springframework.ai.content.Media media(Media media, String family, @Nullable String name) {
        MimeType type = media.type().map(MimeTypeUtils::parseMimeType).orElseGet(() -> new MimeType(family));
        var builder = org.springframework.ai.content.Media.builder().mimeType(type);
        if (name != null) {
            builder.name(name);
        }
        return media instanceof Media.Inline inline
                ? builder.data(Base64.getDecoder().decode(inline.base64())).build()
                : builder.data(((Media.Link) media).url()).build();
    }

    /** Spring AI has no field for reasoning: it is metadata, unless the provider's own metadata has it already. */
    static AssistantMessage assistant(AssistantTurn turn, String text) {
        Map<String, Object> properties = new LinkedHashMap<>(turn.metadata());
        if (!turn.reasoning().isEmpty()) {
            properties.putIfAbsent(REASONING, turn.reasoning());
        }
        return AssistantMessage.builder()
                .content(text)
                .properties(properties)
                .toolCalls(turn.calls().stream()
                        .map(call ->
                                new AssistantMessage.ToolCall(call.id(), "function", call.name(), call.arguments()))
                        .toList())
                .build();
    }
}
