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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes tools, system text and turns, in the order in which Claude reads them, so that a cache breakpoint finds the block before it.
 * Turns of one role that follow each other become one, with tool results first, as Claude demands. Used for one request.
 */
final class ClaudePromptWriter {

    private static final String CONTROL = "cache_control";

    private final ProviderHttp http;
    private final ProviderCall call;
    private final ClaudeContentWriter blocks;
    private final boolean hasMarks;
    private final List<ObjectNode> marked = new ArrayList<>();
    // The block before a breakpoint carries its marker: the wire format has no block for the breakpoint itself.
    private @Nullable ObjectNode lastCacheable;

    ClaudePromptWriter(ProviderHttp http, ProviderCall call, boolean withCitations) {
        this.http = http;
        this.call = call;
        this.blocks = new ClaudeContentWriter(http, call, withCitations);
        this.hasMarks = call.request().messages().stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(Part.CacheBreakpoint.class::isInstance);
    }

    ObjectNode tool(ObjectNode tool) {
        lastCacheable = tool;
        return tool;
    }

    Optional<JsonNode> system() {
        return call.request().system().filter(text -> !text.isBlank()).map(text -> {
            // Only a block can carry a marker; without markers the plain text is enough.
            if (!hasMarks) {
                return TextNode.valueOf(text);
            }
            ObjectNode block = ClaudeContentWriter.text(text);
            lastCacheable = block;
            return JsonNodeFactory.instance.arrayNode().add(block);
        });
    }

    ArrayNode messages() {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        // Claude merges turns of one role; merged here, all results of one turn are in one message, as it demands.
        for (Message turn : turns(call.request().messages())) {
            JsonNode content = content(turn);
            if (!content.isEmpty() || content.isTextual()) {
                messages.addObject().put("role", role(turn.role())).set("content", content);
            }
        }
        // Checked after the empty turns are gone: what was a second turn may now stand first.
        if (messages.path(0).path("role").asText("").equals(role(Role.ASSISTANT))) {
            throw http.unsupported(call, "first message is of ASSISTANT, expected one of USER with something in it");
        }
        if (call.isPrefilled()) {
            messages.addObject().put("role", role(Role.ASSISTANT)).put("content", call.prefix());
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
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        // Claude takes tool results only before any text of their message.
        for (Part part : resultsFirst(turn.parts())) {
            if (part instanceof Part.CacheBreakpoint mark) {
                mark(mark.lifetime());
            } else {
                blocks.of(part).ifPresent(block -> {
                    content.add(block);
                    // Reasoning blocks cannot carry a marker.
                    lastCacheable = part instanceof Part.Reasoning ? lastCacheable : block;
                });
            }
        }
        return content;
    }

    /** Each mark stays behind what it marks. */
    private static List<Part> resultsFirst(List<Part> parts) {
        List<Part> results = new ArrayList<>();
        List<Part> others = new ArrayList<>();
        List<Part> kind = results;
        for (Part part : parts) {
            if (!(part instanceof Part.CacheBreakpoint)) {
                kind = part instanceof Part.ToolResult ? results : others;
            }
            kind.add(part);
        }
        results.addAll(others);
        return results;
    }

    /**
     * A mark with nothing before it has nothing to keep. What stands before a long mark is kept long, so the marks before it
     * are long ones too; Claude takes no other order, and charges the same.
     */
    private void mark(CacheLifetime lifetime) {
        if (lastCacheable == null) {
            return;
        }
        // Two breakpoints in a row mark the same block, and only four markers are allowed.
        if (!lastCacheable.has(CONTROL)) {
            lastCacheable.putObject(CONTROL).put("type", "ephemeral");
            marked.add(lastCacheable);
        }
        if (lifetime == CacheLifetime.LONG) {
            // Claude takes no longer lifetime behind a shorter one, so the earlier markers are raised too.
            marked.forEach(block -> block.withObjectProperty(CONTROL).put("ttl", "1h"));
        }
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }
}
