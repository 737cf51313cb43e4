package dev.architect.provider.http.reading;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.ToolCallDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts an answer together from its pieces, in order, and hands each piece to the listener. Used by one thread. */
final class AnswerParts {

    private final String provider;
    private final ChatListener listener;
    private final List<String> idsBefore;
    private int madeUp;
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<Integer, CallDraft> calls = new HashMap<>();
    private long characters;

    /** @param idsBefore of the tool calls that the conversation has had, for ids that are made up */
    AnswerParts(String provider, ChatListener listener, List<String> idsBefore) {
        this.provider = provider;
        this.listener = listener;
        this.idsBefore = List.copyOf(idsBefore);
        this.madeUp = idsBefore.size();
    }

    void say(String piece) {
        if (!piece.isEmpty()) {
            characters += piece.length();
            last(Kind.TEXT).append(piece);
            listener.onText(piece);
        }
    }

    void reason(String piece) {
        if (!piece.isEmpty()) {
            characters += piece.length();
            last(Kind.REASONING).append(piece);
            listener.onReasoning(piece);
        }
    }

    /** Signs the reasoning that was added last, which ends it; without one, adds one that is empty. */
    void sign(String value) {
        if (!value.isBlank()) {
            last(Kind.REASONING).signature = new Signature(provider, value);
        }
    }

    void callTool(int key, String id, String name, String arguments) {
        CallDraft call = calls.computeIfAbsent(key, unused -> {
            CallDraft opened = new CallDraft(calls.size());
            drafts.add(opened);
            return opened;
        });
        call.id = call.id.isEmpty() ? id : call.id;
        call.name = call.name.isEmpty() ? name : call.name;
        call.append(arguments);
        characters += arguments.length();
        call.tell();
    }

    void signCall(int key, String value) {
        CallDraft call = calls.get(key);
        if (call != null && !value.isBlank()) {
            call.signature = new Signature(provider, value);
        }
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    /** Whether a call was never named, so that nobody can know what to do. */
    boolean hasNamelessCall() {
        return calls.values().stream().anyMatch(call -> call.name.isBlank());
    }

    /** Characters of text, reasoning and arguments so far. */
    long characters() {
        return characters;
    }

    String text() {
        if (drafts.size() == 1 && drafts.get(0).kind == Kind.TEXT) {
            return drafts.get(0).written();
        }
        StringBuilder text = new StringBuilder();
        for (Draft draft : drafts) {
            if (draft.kind == Kind.TEXT) {
                text.append(draft.written());
            }
        }
        return text.toString();
    }

    List<Part> content() {
        List<Part> parts = new ArrayList<>(drafts.size());
        drafts.forEach(draft -> parts.add(draft.part()));
        return parts;
    }

    private Draft last(Kind kind) {
        Draft last = drafts.isEmpty() ? null : drafts.get(drafts.size() - 1);
        if (last == null || last.kind != kind || last.signature != null) {
            last = new Draft(kind);
            drafts.add(last);
        }
        return last;
    }

    private enum Kind {
        TEXT,
        REASONING,
        CALL
    }

    private static class Draft {
        final Kind kind;
        private String first = "";
        private @Nullable StringBuilder all;

        @Nullable
        Signature signature;

        Draft(Kind kind) {
            this.kind = kind;
        }

        /** A whole answer is one piece, which is kept as it is. */
        final void append(String piece) {
            if (all != null) {
                all.append(piece);
            } else if (first.isEmpty()) {
                first = piece;
            } else {
                all = new StringBuilder(first).append(piece);
            }
        }

        final String written() {
            return all == null ? first : all.toString();
        }

        final int length() {
            return all == null ? first.length() : all.length();
        }

        final String writtenFrom(int start) {
            return all == null ? first.substring(start) : all.substring(start);
        }

        Part part() {
            return kind == Kind.TEXT
                    ? new Part.Text(written())
                    : new Part.Reasoning(written(), Optional.ofNullable(signature));
        }
    }

    private final class CallDraft extends Draft {
        private final int index;
        private String id = "";
        private String name = "";
        private int told;
        private boolean announced;

        CallDraft(int index) {
            super(Kind.CALL);
            this.index = index;
        }

        /** Tells what has not been told; nothing before the call has a name. */
        void tell() {
            if (!name.isBlank() && (!announced || told < length())) {
                String piece = writtenFrom(told);
                announced = true;
                told = length();
                listener.onToolCall(new ToolCallDelta(index, idOrMadeUp(), name, piece));
            }
        }

        /** Made up where the provider gives none: the number of the call in its conversation, unless another one has it. */
        private String idOrMadeUp() {
            while (id.isBlank()) {
                String next = "call_" + ++madeUp;
                id = idsBefore.contains(next) ? "" : next;
            }
            return id;
        }

        @Override
        Part part() {
            String arguments = written().isBlank() ? "{}" : written();
            return new Part.ToolCall(idOrMadeUp(), name, arguments, Optional.ofNullable(signature));
        }
    }
}
