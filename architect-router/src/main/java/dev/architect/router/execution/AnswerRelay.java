package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delivers one answer to the caller's listener, from one call or from several. When a call breaks off, the answer of the next one
 * is compared with what was delivered: as long as it repeats that, nothing is delivered again; where it differs, the listener is
 * told that the answer starts again, and gets the new one from its beginning. Without that the listener gets every part once, in
 * order, whoever produced it.
 *
 * <p>What was delivered is kept up to {@value #MOST_KEPT} characters; after more the next call always starts again. Used by one thread.
 */
final class AnswerRelay implements ChatListener {

    /** A mebibyte of text and more, which no usual answer has. */
    static final int MOST_KEPT = 1 << 20;

    private final ChatListener target;
    /** What the listener has and may use. */
    private List<Piece> delivered = new ArrayList<>();

    private int deliveredCharacters;
    private boolean tooLong;
    private boolean stopDelivered;

    // Of the call that is made now.
    private Runnable onFirstToken = () -> {};
    private List<Piece> current = new ArrayList<>();
    /** Whether everything of the current call so far repeats the beginning of what was delivered; false: it is delivered as it comes. */
    private boolean repeating;

    private int matchedPieces;
    private int matchedCharacters;
    private long characters;
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private boolean anyToken;
    private @Nullable RuntimeException listenerFailure;

    AnswerRelay(ChatListener target) {
        this.target = target;
    }

    /** A call begins. {@code onFirst} runs when the first part of its answer is there. */
    void beginCall(Runnable onFirst) {
        onFirstToken = onFirst;
        current = new ArrayList<>();
        repeating = !delivered.isEmpty() || tooLong || stopDelivered;
        matchedPieces = 0;
        matchedCharacters = 0;
        characters = 0;
        usage = TokenUsage.UNKNOWN;
        anyToken = false;
    }

    /** The answer is complete: what was delivered of an earlier one, and is not in it, is void. */
    void endAnswer() {
        if (repeating && !hasMatchedAll()) {
            restart();
        }
    }

    @Override
    public void onText(String piece) {
        // Counted before the listener runs: if it throws, the provider has produced these characters all the same.
        characters += piece.length();
        deliver(Kind.TEXT, piece);
    }

    @Override
    public void onReasoning(String piece) {
        characters += piece.length();
        deliver(Kind.REASONING, piece);
    }

    @Override
    public void onToolCall(ToolCallDelta piece) {
        characters += piece.arguments().length();
        deliver(new Piece(Kind.TOOL_CALL, piece));
    }

    @Override
    public void onCitation(Citation citation) {
        deliver(new Piece(Kind.CITATION, citation));
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        recordUsage(soFar);
        forward(() -> target.onUsage(soFar));
    }

    @Override
    public void onStop(StopReason reason) {
        endAnswer();
        stopDelivered = true;
        forward(() -> target.onStop(reason));
    }

    private void deliver(Kind kind, String text) {
        firstToken();
        String rest = text;
        if (repeating) {
            append(current, kind, text);
            rest = unmatched(kind, text);
            if (rest.isEmpty() || !repeating) {
                return;
            }
            // Everything that was delivered is repeated: from here on the answer goes on.
            repeating = false;
        }
        keep(kind, rest);
        send(kind, rest);
    }

    private void deliver(Piece piece) {
        firstToken();
        if (repeating) {
            current.add(piece);
            if (!hasMatchedAll()) {
                skipMatchedText();
                Piece expected = delivered.get(matchedPieces);
                if (matchedCharacters == 0 && expected.equals(piece)) {
                    matchedPieces++;
                } else {
                    restart();
                }
                return;
            }
            repeating = false;
        }
        keep(piece);
        send(piece);
    }

    private void firstToken() {
        if (!anyToken) {
            anyToken = true;
            onFirstToken.run();
        }
        if (repeating && (tooLong || stopDelivered)) {
            restart();
        }
    }

    /** Moves on through what was delivered, and returns what of {@code text} goes beyond it; restarts where it differs. */
    private String unmatched(Kind kind, String text) {
        int at = 0;
        while (at < text.length() && matchedPieces < delivered.size()) {
            Piece expected = delivered.get(matchedPieces);
            if (!expected.kind.isText) {
                restart();
                return "";
            }
            int left = expected.text.length() - matchedCharacters;
            if (left == 0 && expected.kind == kind && matchedPieces == delivered.size() - 1) {
                // The last piece is complete, and grows.
                break;
            }
            if (left == 0) {
                matchedPieces++;
                matchedCharacters = 0;
                continue;
            }
            int length = Math.min(left, text.length() - at);
            if (expected.kind != kind || !expected.matches(matchedCharacters, text, at, length)) {
                restart();
                return "";
            }
            at += length;
            matchedCharacters += length;
        }
        return text.substring(at);
    }

    private void skipMatchedText() {
        Piece expected = delivered.get(matchedPieces);
        // Not the last one: hasMatchedAll() is false.
        if (expected.kind.isText && matchedCharacters == expected.text.length()) {
            matchedPieces++;
            matchedCharacters = 0;
        }
    }

    private boolean hasMatchedAll() {
        return matchedPieces == delivered.size()
                || (matchedPieces == delivered.size() - 1
                        && matchedCharacters > 0
                        && matchedCharacters
                                == delivered.get(matchedPieces).text.length());
    }

    /** Voids what was delivered, and delivers what the current call has produced so far. */
    private void restart() {
        repeating = false;
        tooLong = false;
        stopDelivered = false;
        List<Piece> again = current;
        delivered = new ArrayList<>();
        deliveredCharacters = 0;
        current = new ArrayList<>();
        forward(target::onRestart);
        for (Piece piece : again) {
            if (piece.kind.isText) {
                keep(piece.kind, piece.text.toString());
                send(piece.kind, piece.text.toString());
            } else {
                keep(piece);
                send(piece);
            }
        }
    }

    private void keep(Kind kind, String text) {
        if (hasRoomFor(text.length())) {
            append(delivered, kind, text);
        }
    }

    private void keep(Piece piece) {
        if (hasRoomFor(piece.size())) {
            delivered.add(piece);
        }
    }

    private boolean hasRoomFor(int length) {
        deliveredCharacters += length;
        if (tooLong || deliveredCharacters > MOST_KEPT) {
            tooLong = true;
            delivered = new ArrayList<>();
        }
        return !tooLong;
    }

    private static void append(List<Piece> pieces, Kind kind, String text) {
        Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        if (last == null || last.kind != kind) {
            last = new Piece(kind, null);
            pieces.add(last);
        }
        last.text.append(text);
    }

    private void send(Kind kind, String text) {
        forward(() -> {
            if (kind == Kind.TEXT) {
                target.onText(text);
            } else {
                target.onReasoning(text);
            }
        });
    }

    private void send(Piece piece) {
        forward(() -> {
            if (piece.whole instanceof ToolCallDelta call) {
                target.onToolCall(call);
            } else if (piece.whole instanceof Citation citation) {
                target.onCitation(citation);
            }
        });
    }

    private void forward(Runnable delivery) {
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

    /** The usage that the provider of the current call counted last. */
    TokenUsage usage() {
        return usage;
    }

    /** Characters that the current call has produced, those that were not delivered again included. */
    long characters() {
        return characters;
    }

    /** What the caller's listener threw, null when nothing. */
    @Nullable
    RuntimeException listenerFailure() {
        return listenerFailure;
    }

    private enum Kind {
        TEXT(true),
        REASONING(true),
        TOOL_CALL(false),
        CITATION(false);

        private final boolean isText;

        Kind(boolean isText) {
            this.isText = isText;
        }
    }

    /** Text that grows, or one whole part. */
    private static final class Piece {
        private final Kind kind;
        private final StringBuilder text = new StringBuilder();
        private final @Nullable Object whole;

        Piece(Kind kind, @Nullable Object whole) {
            this.kind = kind;
            this.whole = whole;
        }

        int size() {
            return whole instanceof ToolCallDelta call ? call.arguments().length() : text.length();
        }

        boolean matches(int from, String other, int at, int length) {
            for (int index = 0; index < length; index++) {
                if (text.charAt(from + index) != other.charAt(at + index)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Piece piece && kind == piece.kind && whole != null && whole.equals(piece.whole);
        }

        @Override
        public int hashCode() {
            return kind.hashCode();
        }
    }
}
