package dev.architect.router;

import dev.architect.chat.ChatListener;
import org.jspecify.annotations.Nullable;

/** Hands pieces on to the caller's listener and remembers how many characters that were, and whether the caller objected. */
final class Delivered implements ChatListener {

    private final ChatListener target;
    private long characters;
    private @Nullable RuntimeException objection;

    Delivered(ChatListener target) {
        this.target = target;
    }

    @Override
    public void onText(String piece) {
        characters += piece.length();
        try {
            target.onText(piece);
        } catch (RuntimeException failure) {
            objection = failure;
            throw failure;
        }
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
