package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.FinishState;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Delivers one answer to the caller's listener, from one call or from several. When a call breaks off, the next one gives the rest of
 * the answer or all of it:
 *
 * <ul>
 *   <li>A call that was given the delivered text as its beginning continues it: what it sends is delivered.
 *   <li>The answer of any other call is compared with what was delivered: as long as it repeats that, nothing is delivered again;
 *       where it differs, {@link ChatListener#onRestart} is called, and the new answer is delivered from its beginning.
 * </ul>
 *
 * <p>Without a break the listener gets every part once, in order, whichever provider produced it. A {@link ChatListener.Delivery#BUFFERED} listener
 * gets nothing before {@link #deliverWhole}.
 *
 * <p>What was delivered is kept up to {@value #MOST_KEPT} characters; after more the next call always starts again. Used by one thread.
 */
final class AnswerRelay implements ChatListener {

    /** A mebibyte of text and more, which no usual answer has. */
    static final int MOST_KEPT = 1 << 20;

    /** A shorter beginning is not worth a continuation, and too short to recognize when it is repeated instead. */
    static final int LEAST_PREFIX = 32;

    private static final ChatListener DISCARD = delta -> {};

    /** Of requests without a listener: their answers come whole, so that it has nothing to remember. Never changed. */
    private static final AnswerRelay NOWHERE = new AnswerRelay(DISCARD);

    private final ChatListener target;
    private final @Nullable ChatListener bufferedTarget;
    /** What the listener has and may use. */
    private List<Piece> delivered = List.of();

    private int deliveredCharacters;
    private boolean tooLong;
    private boolean stopDelivered;
    private boolean wireDelivered;
    private boolean wireStale;
    private boolean rescued;

    // Of the call that is made now.
    private Runnable onFirstToken = () -> {};

    private @Nullable Answerer answerer;
    private List<Piece> current = List.of();
    private Progress progress = Progress.NEW;

    private int matchedPieces;
    private int matchedCharacters;
    private long characters;
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private boolean anyToken;
    /** The text that the current call continues; empty when it continues none. */
    private String continued = "";
    /** Where the white space begins that was delivered after the prefix of the current call. */
    private int prefixLength;
    /** The beginning of a continuation as long as it may still be a repetition. */
    private String held = "";

    /** Characters of the continuation that were delivered before it: white space. */
    private int skipped;

    private boolean prefillIgnored;
    private @Nullable RuntimeException listenerFailure;

    private enum Progress {
        /** Everything is delivered as it comes. */
        NEW,
        /** Everything so far repeats the beginning of what was delivered. */
        REPEATING,
        /** It continues what was delivered, or repeats it although it was asked to continue. */
        CONTINUING
    }

    /** Who gives the answer of the current call. */
    private record Answerer(ModelId model, String requestId, int calls) {

        void announceTo(ChatListener listener) {
            listener.onAnswering(model, requestId, calls);
        }
    }

    /** A provider that was asked to continue an answer has begun a new one; it ends the call. */
    private static final class PrefillIgnoredException extends RuntimeException {
        private static final long serialVersionUID = 1;

        PrefillIgnoredException() {
            super("the answer begins anew, expected its continuation", null, false, false);
        }
    }

    /**
     * Creates a relay.
     *
     * @param listener the caller's listener
     */
    AnswerRelay(ChatListener listener) {
        boolean isBuffered = listener.delivery() == Delivery.BUFFERED;
        this.target = isBuffered ? DISCARD : listener;
        this.bufferedTarget = isBuffered ? listener : null;
    }

    /** Returns the relay of one request. */
    static AnswerRelay to(Optional<ChatListener> listener) {
        return listener.isPresent() ? new AnswerRelay(listener.get()) : NOWHERE;
    }

    /** A call begins that answers from the beginning. {@code onFirst} runs when the first part of its answer is there. */
    void beginCall(Runnable onFirst) {
        beginCall(onFirst, "");
    }

    /**
     * A call begins.
     *
     * @param onFirst runs when the first part of its answer is there
     * @param prefix what it continues, from {@link #prefix()}; empty for an answer from its beginning
     */
    void beginCall(Runnable onFirst, String prefix) {
        if (this == NOWHERE) {
            throw new IllegalStateException("the request has no listener, expected one for parts of an answer");
        }
        onFirstToken = onFirst;
        current = List.of();
        boolean isFirst = delivered.isEmpty() && !tooLong && !stopDelivered;
        // A whole answer before this one was rejected, and did not break off.
        rescued |= !isFirst && !stopDelivered;
        progress = isFirst ? Progress.NEW : prefix.isEmpty() ? Progress.REPEATING : Progress.CONTINUING;
        // Events of a vendor cannot be compared with those of another call.
        wireStale = wireDelivered;
        continued = prefix.isEmpty() ? "" : delivered.get(0).textOf();
        prefixLength = prefix.length();
        held = "";
        skipped = 0;
        matchedPieces = 0;
        matchedCharacters = 0;
        characters = 0;
        usage = TokenUsage.UNKNOWN;
        anyToken = false;
        prefillIgnored = false;
    }

    /** The call that has begun is one to {@code model}, and the {@code calls}-th of its request. */
    void answeredBy(ModelId model, String requestId, int calls) {
        answerer = new Answerer(model, requestId, calls);
    }

    /**
     * Returns the beginning of the answer that another call could continue, without white space at its end; empty when none can: little
     * or nothing was delivered, too much, or something besides text.
     */
    String prefix() {
        if (wireDelivered || delivered.size() != 1 || tooLong || stopDelivered || delivered.get(0).kind != Kind.TEXT) {
            return "";
        }
        StringBuilder text = delivered.get(0).text;
        int end = text.length();
        while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        // Half a character outside the basic plane is no text that can be sent.
        return end < LEAST_PREFIX || Character.isHighSurrogate(text.charAt(end - 1)) ? "" : text.substring(0, end);
    }

    /** The answer is complete: what was delivered of an earlier one, and is not in it, is void. */
    void endAnswer() {
        if (progress == Progress.REPEATING && !hasMatchedAll()) {
            restart();
        } else if (progress == Progress.CONTINUING) {
            releaseHeld();
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
    public void onWire(String event, String data) {
        firstToken();
        if (wireStale) {
            restart();
            wireStale = false;
        }
        wireDelivered = true;
        tell(() -> target.onWire(event, data));
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        recordUsage(soFar);
        tell(() -> target.onUsage(soFar));
    }

    @Override
    public void onBurst() {
        tell(target::onBurst);
    }

    @Override
    public void onPause() {
        tell(target::onPause);
    }

    @Override
    public void onStop(StopReason reason) {
        endAnswer();
        stopDelivered = true;
        tell(() -> target.onStop(reason));
    }

    private void deliver(Kind kind, String text) {
        firstToken();
        String rest = text;
        if (progress == Progress.REPEATING) {
            current = append(current, kind, text);
            rest = unmatched(kind, text);
            if (rest.isEmpty() || progress != Progress.REPEATING) {
                return;
            }
            // Everything that was delivered is repeated: from here on the answer goes on.
            progress = Progress.NEW;
        } else if (progress == Progress.CONTINUING) {
            continueWith(kind, text);
            return;
        }
        keep(kind, rest);
        send(kind, rest);
    }

    private void deliver(Piece piece) {
        firstToken();
        if (progress == Progress.REPEATING) {
            current = added(current, piece);
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
            progress = Progress.NEW;
        } else if (progress == Progress.CONTINUING) {
            releaseHeld();
        }
        keep(piece);
        send(piece);
    }

    private void firstToken() {
        if (!anyToken) {
            anyToken = true;
            onFirstToken.run();
            announce();
        }
        if (progress == Progress.REPEATING && (tooLong || stopDelivered)) {
            restart();
        }
    }

    private void announce() {
        Answerer known = answerer;
        if (known == null) {
            return;
        }
        tell(() -> known.announceTo(target));
    }

    /**
     * Holds the beginning of a continuation until it differs from the beginning of the answer. A provider that does not continue answers
     * anew, and delivered text must not come twice.
     */
    private void continueWith(Kind kind, String text) {
        // A model that begins with reasoning has not been led into the middle of an answer.
        if (kind == Kind.REASONING || prefillIgnored) {
            throw ignored();
        }
        held = held + text;
        int start = firstVisible(held);
        int expected = firstVisible(continued);
        int length = held.length() - start;
        for (int i = 0; i < length; i++) {
            if (i == LEAST_PREFIX || expected + i == continued.length()) {
                throw ignored();
            }
            if (held.charAt(start + i) != continued.charAt(expected + i)) {
                releaseHeld();
                return;
            }
        }
    }

    private PrefillIgnoredException ignored() {
        prefillIgnored = true;
        held = "";
        return new PrefillIgnoredException();
    }

    /** Delivers what was held, but for the white space that was delivered with the beginning. */
    private void releaseHeld() {
        progress = Progress.NEW;
        while (skipped < held.length()
                && prefixLength + skipped < continued.length()
                && held.charAt(skipped) == continued.charAt(prefixLength + skipped)) {
            skipped++;
        }
        String text = held.substring(skipped);
        held = "";
        if (!text.isEmpty()) {
            keep(Kind.TEXT, text);
            send(Kind.TEXT, text);
        }
    }

    private static int firstVisible(CharSequence text) {
        int first = 0;
        while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        return first;
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
        progress = Progress.NEW;
        tooLong = false;
        stopDelivered = false;
        List<Piece> again = current;
        delivered = List.of();
        deliveredCharacters = 0;
        current = List.of();
        tell(target::onRestart);
        for (Piece piece : again) {
            if (piece.kind.isText) {
                keep(piece.kind, piece.textOf());
                send(piece.kind, piece.textOf());
            } else {
                keep(piece);
                send(piece);
            }
        }
    }

    private void keep(Kind kind, String text) {
        if (hasRoomFor(text.length())) {
            delivered = append(delivered, kind, text);
        }
    }

    private void keep(Piece piece) {
        if (hasRoomFor(piece.size())) {
            delivered = added(delivered, piece);
        }
    }

    /** What was kept until then stays, as the part of the answer that a failure has. */
    private boolean hasRoomFor(int length) {
        tooLong = tooLong || deliveredCharacters + length > MOST_KEPT;
        deliveredCharacters += tooLong ? 0 : length;
        return !tooLong;
    }

    private static List<Piece> append(List<Piece> pieces, Kind kind, String text) {
        List<Piece> changed = pieces;
        Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        if (last == null || last.kind != kind) {
            last = new Piece(kind, null);
            changed = added(pieces, last);
        }
        last.text.append(text);
        return changed;
    }

    /** The list, which is made when there is something to put into it. */
    private static List<Piece> added(List<Piece> pieces, Piece piece) {
        List<Piece> changed = pieces.isEmpty() ? new ArrayList<>(2) : pieces;
        changed.add(piece);
        return changed;
    }

    private void send(Kind kind, String text) {
        try {
            if (kind == Kind.TEXT) {
                target.onText(text);
            } else {
                target.onReasoning(text);
            }
        } catch (RuntimeException failure) {
            throw failed(failure);
        }
    }

    private void send(Piece piece) {
        try {
            if (piece.whole instanceof ToolCallDelta call) {
                target.onToolCall(call);
            } else if (piece.whole instanceof Citation citation) {
                target.onCitation(citation);
            }
        } catch (RuntimeException failure) {
            throw failed(failure);
        }
    }

    /** Calls the listener for what is not a part of the answer's text. */
    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException failure) {
            throw failed(failure);
        }
    }

    /** Kept, because an adapter or a library in between may wrap or replace the exception. */
    private RuntimeException failed(RuntimeException failure) {
        listenerFailure = failure;
        return failure;
    }

    /** Delivers the answer of the request to a listener that wanted it whole; else does nothing. */
    void deliverWhole(ProviderAnswer answer) {
        if (bufferedTarget != null) {
            if (answerer != null) {
                answerer.announceTo(bufferedTarget);
            }
            (continued.isEmpty() ? answer : whole(answer)).replayTo(bufferedTarget);
        }
    }

    private ProviderAnswer whole(ProviderAnswer rest) {
        return new ProviderAnswer(
                rest.model(),
                content(rest),
                rest.stopReason(),
                rest.usage(),
                rest.usageSource(),
                rest.serviceTier(),
                rest.statedCost(),
                rest.citations(),
                rest.transmission(),
                rest.region(),
                rest.wire());
    }

    /** Returns the content of {@code answer}, with what it continues before it. */
    List<Part> content(ProviderAnswer answer) {
        if (continued.isEmpty()) {
            return answer.content();
        }
        List<Part> content = new ArrayList<>();
        content.add(new Part.Text(continued));
        int toSkip = skipped;
        for (Part part : answer.content()) {
            if (!(part instanceof Part.Text text)) {
                content.add(part);
                continue;
            }
            String rest = text.text().substring(Math.min(toSkip, text.text().length()));
            toSkip -= text.text().length() - rest.length();
            if (content.get(content.size() - 1) instanceof Part.Text before) {
                content.set(content.size() - 1, new Part.Text(before.text() + rest));
            } else {
                content.add(new Part.Text(rest));
            }
        }
        return content;
    }

    /** How the request ends that is answered now. */
    FinishState finish() {
        return rescued ? FinishState.RESCUED : FinishState.COMPLETE;
    }

    /** The text that has come of an answer, at most {@value #MOST_KEPT} characters; null when none has. */
    @Nullable
    String partialText() {
        StringBuilder text = new StringBuilder();
        for (Piece piece : delivered) {
            if (piece.kind == Kind.TEXT) {
                text.append(piece.text);
            }
        }
        return text.isEmpty() ? null : text.toString();
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

    /** Whether the current call was asked to continue the answer and began a new one. */
    boolean isPrefillIgnored() {
        return prefillIgnored;
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
        private final StringBuilder text;
        private final @Nullable Object whole;

        Piece(Kind kind, @Nullable Object whole) {
            this.kind = kind;
            this.text = new StringBuilder(0);
            this.whole = whole;
        }

        String textOf() {
            return text.toString();
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
            return other instanceof Piece piece
                    && kind == piece.kind
                    && whole != null
                    && Objects.equals(whole, piece.whole);
        }

        @Override
        public int hashCode() {
            return kind.hashCode();
        }
    }
}
