package dev.architect.router.planning;

import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Tool;
import dev.architect.router.admission.PromptCacheMemory;
import java.time.Duration;
import java.util.List;

/**
 * The beginnings of a prompt that a provider may have cached, as hashes: tools and system text, and those with the first one, two and more
 * messages. An earlier request of the same conversation ended with one of them. Immutable.
 */
final class ConversationPrefixes {

    /** Shorter ones are not cached (OpenAI: 1,024 tokens; Anthropic: 1,024 to 4,096 by model; read 2026-11-28). */
    static final long LEAST_TOKENS = 1_024;

    /** How many of the last messages may be new: one turn with its tool calls. */
    private static final int LOOK_BACK = 8;

    private static final long LONG_NANOS = Duration.ofHours(1).toNanos();
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private final long[] hashes;
    private final long[] characters;
    private boolean hasBreakpoint;
    private boolean isLong;

    private ConversationPrefixes(int messages) {
        this.hashes = new long[messages + 1];
        this.characters = new long[messages + 1];
    }

    static ConversationPrefixes of(ChatRequest request) {
        List<Message> messages = request.messages();
        ConversationPrefixes prefixes = new ConversationPrefixes(messages.size());
        long hash = 1;
        long length = 0;
        for (Tool tool : request.toolset().tools()) {
            hash = mix(mix(mix(hash, tool.name()), tool.description()), tool.inputSchema());
            length += tool.name().length()
                    + tool.description().length()
                    + tool.inputSchema().length();
        }
        String system = request.system().orElse("");
        prefixes.set(0, mix(hash, system), length + system.length());
        for (int i = 0; i < messages.size(); i++) {
            prefixes.add(i, messages.get(i));
        }
        return prefixes;
    }

    private void set(int place, long hash, long length) {
        hashes[place] = hash;
        characters[place] = length;
    }

    private void add(int place, Message message) {
        long hash = mix(hashes[place], message.role().name());
        long length = characters[place];
        for (Part part : message.parts()) {
            if (part instanceof Part.CacheBreakpoint breakpoint) {
                // No part of the text: hosts move it from turn to turn.
                hasBreakpoint = true;
                isLong = isLong || breakpoint.lifetime() == CacheLifetime.LONG;
                continue;
            }
            String text = text(part);
            hash = mix(hash, text);
            length += text.length();
        }
        set(place + 1, hash, length);
    }

    private static String text(Part part) {
        if (part instanceof Part.Text text) {
            return text.text();
        }
        if (part instanceof Part.ToolCall call) {
            return call.arguments();
        }
        if (part instanceof Part.ToolResult result) {
            return result.text();
        }
        if (part instanceof Part.Reasoning reasoning) {
            return reasoning.text();
        }
        if (part instanceof Part.Image image) {
            return text(image.media());
        }
        return part instanceof Part.Document document ? text(document.media()) : "";
    }

    private static String text(Media media) {
        return media instanceof Media.Inline inline
                ? inline.base64()
                : ((Media.Link) media).url().toString();
    }

    /** Strings keep their hash codes, so that a text of an earlier turn costs nothing when the host sends the same object again. */
    private static long mix(long hash, String text) {
        long mixed = (hash ^ ((long) text.hashCode() << 32 | text.length())) * PRIME;
        return mixed ^ mixed >>> 29;
    }

    /** Whether the request marks what is to be cached, as some providers require. */
    boolean hasBreakpoint() {
        return hasBreakpoint;
    }

    /** The deployment of {@code memory} answered the whole prompt: it, and what stands above all conversations, are cached from now on. */
    void recordAnswered(PromptCacheMemory memory, long now) {
        if (characters[0] > 0) {
            memory.record(hashes[0], now);
        }
        memory.record(hashes[hashes.length - 1], now);
    }

    /**
     * How much of a prompt is probably read from the cache of a deployment: the tokens of its longest known beginning times the
     * probability that it is still there, which falls evenly over the lifetime of the cache.
     *
     * @param promptTokens tokens of the whole prompt
     * @param lifetimeNanos how long a cached prompt lives after its last use, unless the request asks for a longer time
     */
    long expectedCacheRead(PromptCacheMemory memory, long promptTokens, long now, long lifetimeNanos) {
        int last = hashes.length - 1;
        long all = characters[last];
        if (promptTokens < LEAST_TOKENS || all == 0 || memory.isEmpty()) {
            return 0;
        }
        long lifetime = isLong ? Math.max(LONG_NANOS, lifetimeNanos) : lifetimeNanos;
        int lowest = Math.max(1, last - LOOK_BACK);
        for (int place = last; place >= 0; place = place == lowest ? 0 : place - 1) {
            long tokens = (long) ((double) promptTokens * characters[place] / all);
            if (tokens < LEAST_TOKENS) {
                return 0;
            }
            long age = memory.age(hashes[place], now);
            if (age < lifetime) {
                return (long) (tokens * (1 - (double) age / lifetime));
            }
            if (place == 0) {
                return 0;
            }
        }
        return 0;
    }
}
