package dev.architect.simulator.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the content of a request: its tokens, the last user message, the tool results that wait for an
 * answer, the last cache breakpoint, and a hash of all of it.
 *
 * <p>A request reader adds everything in the order in which its provider caches it: tools, system text, then the messages, each
 * opened with {@link #begin} and filled. A message of one text is {@link #add}.
 */
public final class Prompt {

    /** The tokens that an image or a document counts. */
    public static final long PER_MEDIA = 85;

    private static final long PER_MESSAGE = 4;
    // FNV-1a's 64-bit prime: a hash that is the same on every machine and can be continued part by part.
    private static final long PRIME = 0x100000001B3L;

    private final List<String> results = new ArrayList<>();
    private long tokens;
    private long hash = 0x9E3779B97F4A7C15L;
    private String role = "";
    private boolean userText;
    private int textLength;
    private int media;
    private String lastUser = "";
    private @Nullable CacheBreakpoint lastCacheBreakpoint;
    private long earlierTokens;
    private long earlierHash;
    private final StringBuilder lastText = new StringBuilder();
    private boolean continued;

    /** How long a prefix stays in the cache. */
    public enum CacheLifetime {
        /** The provider's usual time, such as five minutes. */
        SHORT,
        /** The provider's longer time, such as an hour; writing costs more. */
        LONG
    }

    /**
     * A cache breakpoint.
     *
     * @param tokens the tokens before it
     * @param hash the hash of everything before it
     * @param lifetime how long it is to be kept
     */
    public record CacheBreakpoint(long tokens, long hash, CacheLifetime lifetime) {}

    /** Adds one message of one text. */
    public Prompt add(String role, String text) {
        return begin(role).text(text);
    }

    /** Adds a tool that the model may call; before all messages. */
    public Prompt tool(String name, String description, JsonNode schema) {
        return count(name).count(description).count(schema.toString());
    }

    /** Opens a message; a user's or a model's message answers earlier tool results. */
    public Prompt begin(String role) {
        hash = hash();
        earlierTokens = tokens;
        earlierHash = hash;
        lastText.setLength(0);
        this.role = role;
        tokens += PER_MESSAGE;
        userText = false;
        textLength = 0;
        if (role.equals("user") || role.equals("assistant") || role.equals("model")) {
            results.clear();
        }
        return this;
    }

    /** Adds text to the open message; the texts of one message are counted as one. */
    public Prompt text(String text) {
        if (role.equals("user")) {
            lastUser = userText ? lastUser + text : text;
            userText = true;
        }
        // The difference of two rounded counts, so that a text in two parts counts like the same text in one.
        tokens += TokenCounts.of(textLength + text.length()) - TokenCounts.of(textLength);
        textLength += text.length();
        lastText.append(text);
        addToHash(text);
        return this;
    }

    /** Adds an image or a document to the open message; its data or address distinguishes it from others. */
    public Prompt media(String data) {
        media++;
        tokens += PER_MEDIA;
        addToHash(data);
        return this;
    }

    /** Adds the model's earlier reasoning to the open message. */
    public Prompt reasoning(String text) {
        return count(text);
    }

    /** Adds a tool call that the model made earlier to the open message. */
    public Prompt call(String name, String arguments) {
        return count(name + arguments);
    }

    /** Adds a tool result to the open message. */
    public Prompt result(String text) {
        results.add(text);
        return count(text);
    }

    /** Sets a cache breakpoint behind everything added so far. */
    public Prompt cacheBreakpoint(CacheLifetime lifetime) {
        lastCacheBreakpoint = new CacheBreakpoint(tokens, hash(), lifetime);
        return this;
    }

    /** States that the last message is the beginning of the answer. */
    public Prompt continueLast() {
        continued = true;
        return this;
    }

    /** The beginning of the answer; empty when the request has none. */
    public String prefix() {
        return continued ? lastText.toString() : "";
    }

    /** The tokens of what is answered: without the beginning of the answer. */
    public long askedTokens() {
        return continued ? earlierTokens : tokens;
    }

    /** The hash of what is answered: without the beginning of the answer. */
    public long askedHash() {
        return continued ? earlierHash : hash();
    }

    public long tokens() {
        return tokens;
    }

    public long hash() {
        return role.isEmpty() ? hash : (hash ^ role.hashCode()) * PRIME;
    }

    public String lastUser() {
        return lastUser;
    }

    /** The tool results after the last message of the model; empty when the conversation ends with something else. */
    public List<String> results() {
        return List.copyOf(results);
    }

    /** How many images and documents there are. */
    public int media() {
        return media;
    }

    @Nullable
    public CacheBreakpoint lastCacheBreakpoint() {
        return lastCacheBreakpoint;
    }

    private Prompt count(String text) {
        tokens += TokenCounts.of(text);
        addToHash(text);
        return this;
    }

    private void addToHash(String text) {
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
    }
}
