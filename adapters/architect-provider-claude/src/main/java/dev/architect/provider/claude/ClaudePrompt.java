package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.architect.chat.CacheLifetime;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes tools, system text and turns, in the order in which Claude reads them, so that a cache mark finds the block before it.
 * Turns of one role that follow each other become one, with tool results first, as Claude demands. Used for one request.
 */
final class ClaudePrompt {

    private final ProviderHttp http;
    private final ProviderCall call;
    private final ClaudeBlocks blocks;
    private final boolean hasMarks;
    private @Nullable ObjectNode lastCacheable;

    ClaudePrompt(ProviderHttp http, ProviderCall call, boolean cites) {
        this.http = http;
        this.call = call;
        this.blocks = new ClaudeBlocks(http, call, cites);
        this.hasMarks = call.request().messages().stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(Part.CacheMark.class::isInstance);
    }

    ObjectNode tool(ObjectNode tool) {
        lastCacheable = tool;
        return tool;
    }

    Optional<JsonNode> system() {
        return call.request().system().filter(text -> !text.isBlank()).map(text -> {
            if (!hasMarks) {
                return TextNode.valueOf(text);
            }
            ObjectNode block = ClaudeBlocks.text(text);
            lastCacheable = block;
            return JsonNodeFactory.instance.arrayNode().add(block);
        });
    }

    ArrayNode messages() {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        Role last = Role.ASSISTANT;
        for (Message turn : turns(call.request().messages())) {
            JsonNode content = content(turn);
            if (!content.isEmpty() || content.isTextual()) {
                messages.addObject().put("role", role(turn.role())).set("content", content);
                last = turn.role();
            }
        }
        if (last != Role.USER) {
            throw http.unsupported(call, "last message is empty, expected text, media or tool results");
        }
        return messages;
    }

    private static List<Message> turns(List<Message> messages) {
        List<Message> turns = new ArrayList<>();
        for (Message message : messages) {
            int last = turns.size() - 1;
            if (last >= 0 && turns.get(last).role() == message.role()) {
                List<Part> joined = new ArrayList<>(turns.get(last).parts());
                joined.addAll(message.parts());
                turns.set(last, new Message(message.role(), joined));
            } else {
                turns.add(message);
            }
        }
        return turns;
    }

    private JsonNode content(Message turn) {
        if (!hasMarks
                && turn.parts().size() == 1
                && turn.parts().get(0) instanceof Part.Text only
                && !only.text().isBlank()) {
            return TextNode.valueOf(only.text());
        }
        List<Part> parts = new ArrayList<>(turn.parts());
        parts.sort(Comparator.comparing(part -> !(part instanceof Part.ToolResult)));
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        for (Part part : parts) {
            if (part instanceof Part.CacheMark mark) {
                mark(mark.lifetime());
            } else {
                blocks.of(turn.role(), part).ifPresent(block -> {
                    content.add(block);
                    lastCacheable = part instanceof Part.Reasoning ? lastCacheable : block;
                });
            }
        }
        return content;
    }

    /** A mark with nothing before it has nothing to keep. */
    private void mark(CacheLifetime lifetime) {
        if (lastCacheable != null) {
            ObjectNode control = lastCacheable.putObject("cache_control").put("type", "ephemeral");
            if (lifetime == CacheLifetime.LONG) {
                control.put("ttl", "1h");
            }
        }
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }
}
