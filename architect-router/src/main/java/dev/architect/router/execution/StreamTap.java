package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.StopReason;
import dev.architect.chat.ToolCallDelta;
import dev.architect.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Hands pieces on to the caller's listener and remembers how many characters that were, what the provider had counted, and
 * whether the caller objected.
 */
final class StreamTap implements ChatListener {

    private final ChatListener target;
    private long characters;
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private boolean heard;
    private @Nullable RuntimeException objection;

    StreamTap(ChatListener target) {
        this.target = target;
    }

    @Override
    public void onText(String piece) {
        characters += piece.length();
        pass(() -> target.onText(piece));
    }

    @Override
    public void onReasoning(String piece) {
        characters += piece.length();
        pass(() -> target.onReasoning(piece));
    }

    @Override
    public void onToolCall(ToolCallDelta piece) {
        characters += piece.arguments().length();
        pass(() -> target.onToolCall(piece));
    }

    @Override
    public void onCitation(Citation citation) {
        pass(() -> target.onCitation(citation));
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        counted(soFar);
        pass(() -> target.onUsage(soFar));
    }

    @Override
    public void onStop(StopReason reason) {
        pass(() -> target.onStop(reason));
    }

    private void pass(Runnable telling) {
        heard = true;
        try {
            telling.run();
        } catch (RuntimeException failure) {
            objection = failure;
            throw failure;
        }
    }

    /** Remembers what the provider has counted. */
    void counted(TokenUsage soFar) {
        usage = soFar;
    }

    /** What the provider had counted when it was last heard. */
    TokenUsage usage() {
        return usage;
    }

    /** Whether anything was handed on. */
    boolean heard() {
        return heard;
    }

    long characters() {
        return characters;
    }

    /** What the caller's listener threw, null when nothing. */
    @Nullable
    RuntimeException objection() {
        return objection;
    }
}
