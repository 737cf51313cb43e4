package dev.architect.library.bridge;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.StopReason;
import dev.architect.chat.ToolCallDelta;
import dev.architect.usage.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one answer, told on to a listener and put together to the answer's content in the order in which they began.
 * For the thread that asked alone.
 */
public final class LibraryAnswerAssembler {

    private enum Kind {
        TEXT,
        REASONING,
        CALL
    }

    private final ChatListener listener;
    private final List<Growing> parts = new ArrayList<>();
    private @Nullable Signature signature;
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private long characters;

    /** Creates an answer without pieces. */
    public LibraryAnswerAssembler(ChatListener listener) {
        this.listener = listener;
    }

    /** Returns an answer that nobody hears before it is complete. */
    public static LibraryAnswerAssembler inSilence() {
        return new LibraryAnswerAssembler(piece -> {});
    }

    /** Tells a piece of text; an empty one is nothing. */
    public void text(String piece) {
        if (!piece.isEmpty()) {
            last(Kind.TEXT).words.append(piece);
            characters += piece.length();
            listener.onText(piece);
        }
    }

    /** Tells a piece of reasoning; an empty one is nothing. */
    public void reasoning(String piece) {
        if (!piece.isEmpty()) {
            last(Kind.REASONING).words.append(piece);
            listener.onReasoning(piece);
        }
    }

    /** Tells a piece of the call at that place among the calls of this answer; id and name of its first piece count. */
    public void toolCall(int index, String id, String name, String arguments) {
        Growing call = call(index);
        if (call == null) {
            call = new Growing(Kind.CALL, index, id, name);
            parts.add(call);
        } else if (arguments.isEmpty()) {
            return;
        }
        call.words.append(arguments);
        listener.onToolCall(new ToolCallDelta(index, call.id, call.name, arguments));
    }

    /** Tells what was counted so far. */
    public void usage(TokenUsage soFar) {
        if (!soFar.isUnknown() && !soFar.equals(usage)) {
            usage = soFar;
            listener.onUsage(soFar);
        }
    }

    /** Tells why the answer ended, last of all. A call without arguments has an empty object. */
    public void stop(StopReason reason) {
        parts.stream()
                .filter(part -> part.kind == Kind.CALL && part.words.length() == 0)
                .forEach(call -> toolCall(call.index, call.id, call.name, "{}"));
        listener.onStop(reason);
    }

    /** Sets the proof that this answer is the provider's own; it goes with the last reasoning, or a reasoning without text. */
    public void sign(Signature proof) {
        this.signature = proof;
    }

    /** Whether any text was heard. */
    public boolean hasText() {
        return characters > 0;
    }

    /** Whether any reasoning was heard. */
    public boolean hasReasoning() {
        return parts.stream().anyMatch(part -> part.kind == Kind.REASONING);
    }

    /** How many tool calls were heard of. */
    public int toolCalls() {
        return (int) parts.stream().filter(part -> part.kind == Kind.CALL).count();
    }

    /** Whether the call at that place was heard of. */
    public boolean hasToolCall(int index) {
        return call(index) != null;
    }

    /** Whether anything was heard at all. */
    boolean isAnything() {
        return !parts.isEmpty() || !usage.isUnknown();
    }

    /** How many characters of text there are. */
    long characters() {
        return characters;
    }

    /** What was counted so far. */
    TokenUsage usage() {
        return usage;
    }

    /** Returns the content as far as it was heard. */
    public List<Part> content() {
        List<Part> content = new ArrayList<>();
        int signed = signature == null ? -1 : lastReasoning();
        if (signature != null && signed < 0) {
            content.add(new Part.Reasoning("", Optional.ofNullable(signature)));
        }
        for (int i = 0; i < parts.size(); i++) {
            content.add(parts.get(i).part(i == signed ? signature : null));
        }
        return content;
    }

    private int lastReasoning() {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i).kind == Kind.REASONING) {
                return i;
            }
        }
        return -1;
    }

    private Growing last(Kind kind) {
        Growing last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        if (last == null || last.kind != kind) {
            last = new Growing(kind, 0, "", "");
            parts.add(last);
        }
        return last;
    }

    private @Nullable Growing call(int index) {
        return parts.stream()
                .filter(part -> part.kind == Kind.CALL && part.index == index)
                .findFirst()
                .orElse(null);
    }

    /** A part whose words still come. */
    private static final class Growing {
        private final Kind kind;
        private final int index;
        private final String id;
        private final String name;
        private final StringBuilder words = new StringBuilder();

        Growing(Kind kind, int index, String id, String name) {
            this.kind = kind;
            this.index = index;
            this.id = id;
            this.name = name;
        }

        Part part(@Nullable Signature proof) {
            return switch (kind) {
                case TEXT -> new Part.Text(words.toString());
                case REASONING -> new Part.Reasoning(words.toString(), Optional.ofNullable(proof));
                case CALL -> Part.ToolCall.of(id, name, words.toString());
            };
        }
    }
}
