package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a stream to the caller's listener and records how many characters that were, the usage that the provider had
 * counted, and what the listener threw.
 */
final class StreamTap implements ChatListener {

    private final ChatListener target;
    private long characters;
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private boolean anyDelivered;
    private @Nullable RuntimeException listenerFailure;

    StreamTap(ChatListener target) {
        this.target = target;
    }

    @Override
    public void onText(String piece) {
        // Counted before the listener runs: if it throws, the provider has produced these characters all the same.
        characters += piece.length();
        forward(() -> target.onText(piece));
    }

    @Override
    public void onReasoning(String piece) {
        characters += piece.length();
        forward(() -> target.onReasoning(piece));
    }

    @Override
    public void onToolCall(ToolCallDelta piece) {
        characters += piece.arguments().length();
        forward(() -> target.onToolCall(piece));
    }

    @Override
    public void onCitation(Citation citation) {
        forward(() -> target.onCitation(citation));
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        recordUsage(soFar);
        forward(() -> target.onUsage(soFar));
    }

    @Override
    public void onStop(StopReason reason) {
        forward(() -> target.onStop(reason));
    }

    private void forward(Runnable delivery) {
        // Set before the delivery, since a listener that throws may have used a part of it.
        anyDelivered = true;
        try {
            delivery.run();
        } catch (RuntimeException failure) {
            // Kept, because an adapter or a library in between may wrap or replace the exception.
            listenerFailure = failure;
            throw failure;
        }
    }

    /** Records the usage that the provider has counted so far. */
    void recordUsage(TokenUsage soFar) {
        usage = soFar;
    }

    /** The usage that the provider counted last. */
    TokenUsage usage() {
        return usage;
    }

    /** Whether any part of the answer was forwarded. */
    boolean anyDelivered() {
        return anyDelivered;
    }

    long characters() {
        return characters;
    }

    /** What the caller's listener threw, null when nothing. */
    @Nullable
    RuntimeException listenerFailure() {
        return listenerFailure;
    }
}
