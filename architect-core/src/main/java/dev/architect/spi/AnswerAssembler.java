package dev.architect.spi;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.ToolCallDelta;
import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.json.JsonObjectEnd;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assembles one answer from its deltas, in the order in which its parts begin, and passes them to a listener in that order: text
 * and reasoning at once, each tool call whole. What the listener gets, joined, is the content of the answer. An adapter makes
 * one for each call, appends what its vendor sends, and builds from it the answer, or a failure that carries what had come until
 * then.
 *
 * <p>A tool call is whole when the next part begins and its arguments are a JSON object, or else when the answer ends: deltas of
 * several calls may come in turn, so the beginning of another part alone is no end. What follows a call waits for it.
 *
 * <p>What the listener throws leaves the method that was called. Used by one thread.
 */
public final class AnswerAssembler {

    private static final ChatListener NO_LISTENER = delta -> {};

    private final ModelId model;
    private final ChatListener listener;
    private final List<String> earlierIds;
    private int generated;
    private final List<PartBuilder> parts = new ArrayList<>();
    // The listener has all of the parts before this one, and nothing of those after it.
    private int firstOpen;
    private final Map<Integer, ToolCallBuilder> calls = new HashMap<>();
    private final Set<Citation> citations = new LinkedHashSet<>();
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private UsageSource usageSource = UsageSource.ESTIMATED;
    private @Nullable String answeringModel;
    private @Nullable String serviceTier;
    private @Nullable String region;
    private @Nullable Money statedCost;
    private long receivedCharacters;

    private AnswerAssembler(ModelId model, List<String> earlierIds, ChatListener listener) {
        this.model = Check.notNull("model", model);
        this.listener = Check.notNull("listener", listener);
        this.earlierIds = earlierIds;
        this.generated = earlierIds.size();
    }

    /**
     * Returns an assembler of the answer to {@code request}, without parts.
     *
     * @param model the model that is called; its provider is the one that signs
     * @param request whose tool calls have the ids that no generated id may repeat
     * @param listener gets each delta on the thread that appends it
     */
    public static AnswerAssembler of(ModelId model, ChatRequest request, ChatListener listener) {
        List<String> earlierIds = new ArrayList<>();
        Check.notNull("request", request)
                .messages()
                .forEach(message -> message.toolCalls().forEach(call -> earlierIds.add(call.id())));
        return new AnswerAssembler(model, earlierIds, listener);
    }

    /** Returns an assembler of the answer to {@code request} that passes its deltas to no listener. */
    public static AnswerAssembler silent(ModelId model, ChatRequest request) {
        return of(model, request, NO_LISTENER);
    }

    /** Returns an assembler for a call that is no chat, such as a list of models: it builds failures. */
    public static AnswerAssembler empty(ModelId model) {
        return new AnswerAssembler(model, List.of(), NO_LISTENER);
    }

    /** The model that was called. */
    public ModelId model() {
        return model;
    }

    /** Appends text to the text that was appended last, or begins a new one. An empty delta does nothing. */
    public void appendText(String delta) {
        if (!delta.isEmpty()) {
            receivedCharacters += delta.length();
            append(Kind.TEXT, delta);
        }
    }

    /**
     * Appends reasoning to the reasoning that was appended last, unless that is signed, or begins a new one. An empty delta does
     * nothing.
     */
    public void appendReasoning(String delta) {
        if (!delta.isEmpty()) {
            receivedCharacters += delta.length();
            append(Kind.REASONING, delta);
        }
    }

    /**
     * Signs the reasoning that was appended last, which ends it. Where the last part is no reasoning, or one that is signed,
     * begins an empty one. A blank value does nothing.
     *
     * @param value what the provider expects back; only its adapter reads it
     */
    public void signReasoning(String value) {
        if (!value.isBlank()) {
            last(Kind.REASONING).signature = new Signature(model.provider(), value);
        }
    }

    /**
     * Signs the last reasoning wherever it stands, in place of a signature that it has. Without any reasoning, puts an empty one
     * before all parts. A blank value does nothing.
     *
     * @param value what the provider expects back; only its adapter reads it
     */
    public void signLastReasoning(String value) {
        if (value.isBlank()) {
            return;
        }
        PartBuilder signed = null;
        for (PartBuilder part : parts) {
            signed = part.kind == Kind.REASONING ? part : signed;
        }
        if (signed == null) {
            signed = new PartBuilder(Kind.REASONING);
            parts.add(0, signed);
            // It has no text that the listener could get.
            firstOpen++;
        }
        signed.signature = new Signature(model.provider(), value);
    }

    /**
     * Appends to a tool call, or begins one. The listener gets it when it is whole. A call without an id gets one that no other
     * call of the conversation has. Deltas of several calls may come in turn. White space after a call that the listener has does
     * nothing.
     *
     * @param key identifies the call within this answer, as the provider numbers them
     * @param id the call's id, or empty when this delta does not have it; the first one counts
     * @param name the tool, or empty when this delta does not have it; the first one counts
     * @param delta the next part of the arguments' JSON text, may be empty
     * @throws ProviderException of kind {@code PROTOCOL} when the call goes on after it was whole
     */
    public void appendToolCall(int key, String id, String name, String delta) {
        ToolCallBuilder call = calls.get(key);
        if (call == null) {
            call = new ToolCallBuilder(calls.size());
            calls.put(key, call);
            begin(call);
        }
        call.id = call.id.isEmpty() ? id : call.id;
        call.name = call.name.isEmpty() ? name : call.name;
        if (call.isDelivered) {
            if (!delta.isBlank()) {
                throw failure(FailureKind.PROTOCOL)
                        .explanation("tool call goes on after its end")
                        .build();
            }
            return;
        }
        call.appendArguments(delta);
        receivedCharacters += delta.length();
        deliver();
    }

    /** Signs the tool call of that key. A blank value, or a key of which there is no call, does nothing. */
    public void signToolCall(int key, String value) {
        ToolCallBuilder call = calls.get(key);
        if (call != null && !value.isBlank()) {
            call.signature = new Signature(model.provider(), value);
        }
    }

    /** Adds a source of the answer, unless it was added before. */
    public void addCitation(Citation citation) {
        if (citations.add(citation)) {
            listener.onCitation(citation);
        }
    }

    /**
     * Keeps what the provider has counted so far, in place of what it counted before; the listener gets counts that changed.
     * Unknown counts replace none that are known.
     *
     * @param source whether the counts are the provider's own or an estimate; that of the last report counts
     */
    public void reportUsage(TokenUsage soFar, UsageSource source) {
        usageSource = source;
        if (!soFar.isUnknown() && !soFar.equals(usage)) {
            usage = soFar;
            listener.onUsage(soFar);
        }
    }

    /** Keeps the model that answers, as the provider names it, in place of one that was kept before. A blank name does nothing. */
    public void reportModel(String name) {
        if (!name.isBlank()) {
            answeringModel = name;
        }
    }

    /**
     * Keeps the tier that serves the call, in place of one that was kept before. A blank name does nothing; words for the usual tier,
     * such as {@code default} and {@code auto}, are kept as {@code standard}.
     */
    public void reportServiceTier(String tier) {
        if (!tier.isBlank()) {
            serviceTier = Price.tierOf(tier);
        }
    }

    /** Keeps where the call is served, in place of what was kept before. A blank name does nothing. */
    public void reportRegion(String served) {
        if (!served.isBlank()) {
            region = served;
        }
    }

    /** Keeps the cost that the provider has stated for the call so far, in place of what it stated before. */
    public void reportCost(Money stated) {
        statedCost = stated;
    }

    /**
     * Ends the answer for the listener: it gets the tool calls that were not whole before, those without arguments with {@code
     * {}}, what follows them, and then the reason. Called once, last of all, when the answer is complete.
     */
    public void finish(StopReason reason) {
        for (; firstOpen < parts.size(); firstOpen++) {
            parts.get(firstOpen).deliver(listener);
        }
        listener.onStop(reason);
    }

    /** Returns the whole text so far. */
    public String text() {
        // The usual answer is one text, which need not be copied.
        if (parts.size() == 1 && parts.get(0).kind == Kind.TEXT) {
            return parts.get(0).content();
        }
        StringBuilder text = new StringBuilder();
        for (PartBuilder part : parts) {
            if (part.kind == Kind.TEXT) {
                text.append(part.content());
            }
        }
        return text.toString();
    }

    /**
     * Returns the parts so far. A call without arguments has {@code {}}.
     *
     * @throws IllegalArgumentException when {@link #hasUnnamedToolCall()}
     */
    public List<Part> content() {
        List<Part> content = new ArrayList<>(parts.size());
        parts.forEach(part -> content.add(part.build()));
        return content;
    }

    /** Returns the sources so far, each one once. */
    public List<Citation> citations() {
        return List.copyOf(citations);
    }

    /** Returns what was counted last; {@link TokenUsage#UNKNOWN} before. */
    public TokenUsage usage() {
        return usage;
    }

    /** Whether the answer has begun: it has text, reasoning or a tool call. */
    public boolean hasContent() {
        return !parts.isEmpty();
    }

    /** Whether the answer has text. */
    public boolean hasText() {
        return has(Kind.TEXT);
    }

    /** Whether the answer has reasoning, even if it is only a signature. */
    public boolean hasReasoning() {
        return has(Kind.REASONING);
    }

    /** Whether the answer has a tool call of that key. */
    public boolean hasToolCall(int key) {
        return calls.containsKey(key);
    }

    /** Whether a tool call has no name yet, so that no caller can perform it. */
    public boolean hasUnnamedToolCall() {
        for (ToolCallBuilder call : calls.values()) {
            if (call.name.isBlank()) {
                return true;
            }
        }
        return false;
    }

    /** How many tool calls the answer has. */
    public int toolCallCount() {
        return calls.size();
    }

    /** Whether nothing has come: no part and no counts. */
    public boolean isEmpty() {
        return parts.isEmpty() && usage.isUnknown();
    }

    /** How many characters of text, reasoning and arguments have come. */
    public long receivedCharacters() {
        return receivedCharacters;
    }

    /** Returns why the answer ended: {@code reported}, but an answer with tool calls that is complete ended for their sake. */
    public StopReason stopReason(StopReason reported) {
        return reported == StopReason.COMPLETE && !calls.isEmpty() ? StopReason.TOOL_CALLS : reported;
    }

    /**
     * Returns a builder of the answer with its content and everything that was reported. Its model is the called one when none
     * was reported.
     *
     * @throws IllegalArgumentException when {@link #hasUnnamedToolCall()}
     */
    public ProviderAnswer.Builder answer(StopReason reason) {
        return ProviderAnswer.builder(answeringModel == null ? model.model() : answeringModel, content(), reason)
                .usage(usage, usage.isUnknown() ? UsageSource.ESTIMATED : usageSource)
                .serviceTier(serviceTier == null ? Price.STANDARD : serviceTier)
                .region(region == null ? "" : region)
                .statedCost(statedCost)
                .citations(citations());
    }

    /** Returns a builder of a failure of the called model, with everything that was reported, and how many characters had come. */
    public ProviderException.Builder failure(FailureKind kind) {
        return ProviderException.builder(model, kind)
                .usage(usage)
                .receivedCharacters(receivedCharacters)
                .answeringModel(answeringModel)
                .serviceTier(serviceTier)
                .region(region)
                .statedCostPicoUsd(statedCost == null ? null : statedCost.picoUsd());
    }

    private boolean has(Kind kind) {
        for (PartBuilder part : parts) {
            if (part.kind == kind) {
                return true;
            }
        }
        return false;
    }

    private void append(Kind kind, String delta) {
        PartBuilder part = last(kind);
        part.append(delta);
        if (firstOpen == parts.size() - 1) {
            // The usual case: nothing waits, so the delta goes on as it is and nothing is copied.
            part.delivered += delta.length();
            part.passOn(listener, delta);
        }
    }

    private PartBuilder last(Kind kind) {
        PartBuilder last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        if (last == null || last.kind != kind || last.signature != null) {
            last = new PartBuilder(kind);
            begin(last);
        }
        return last;
    }

    private void begin(PartBuilder part) {
        parts.add(part);
        deliver();
    }

    /** Delivers what is whole, in order; the last part may go on. */
    private void deliver() {
        while (firstOpen < parts.size() - 1 && parts.get(firstOpen).isWhole()) {
            PartBuilder next = parts.get(firstOpen);
            // Before the delivery: what the listener throws must not lead to a second one.
            firstOpen++;
            next.deliver(listener);
        }
        PartBuilder last = parts.get(firstOpen);
        if (last.kind != Kind.TOOL_CALL) {
            last.deliver(listener);
        }
    }

    private enum Kind {
        TEXT,
        REASONING,
        TOOL_CALL
    }

    /** A text, or a reasoning. */
    private static class PartBuilder {
        final Kind kind;
        private String first = "";
        private @Nullable StringBuilder all;

        @Nullable
        Signature signature;

        /** How many characters the listener has. */
        int delivered;

        PartBuilder(Kind kind) {
            this.kind = kind;
        }

        /** Appends without a copy as long as there is one delta: that is all of a whole answer. */
        final void append(String delta) {
            if (all != null) {
                all.append(delta);
            } else if (first.isEmpty()) {
                first = delta;
            } else {
                all = new StringBuilder(first).append(delta);
            }
        }

        final String content() {
            return all == null ? first : all.toString();
        }

        /** Whether nothing more comes once another part has begun. */
        boolean isWhole() {
            return true;
        }

        /** Passes on what the listener does not have. */
        void deliver(ChatListener listener) {
            int length = all == null ? first.length() : all.length();
            if (delivered < length) {
                String rest = content().substring(delivered);
                delivered = length;
                passOn(listener, rest);
            }
        }

        final void passOn(ChatListener listener, String delta) {
            if (kind == Kind.TEXT) {
                listener.onText(delta);
            } else {
                listener.onReasoning(delta);
            }
        }

        Part build() {
            return kind == Kind.TEXT
                    ? new Part.Text(content())
                    : new Part.Reasoning(content(), Optional.ofNullable(signature));
        }
    }

    private final class ToolCallBuilder extends PartBuilder {
        private static final String NO_ARGUMENTS = "{}";

        private final int index;
        private final JsonObjectEnd end = new JsonObjectEnd();
        private String id = "";
        private String name = "";
        private boolean isDelivered;

        ToolCallBuilder(int index) {
            super(Kind.TOOL_CALL);
            this.index = index;
        }

        void appendArguments(String delta) {
            append(delta);
            end.read(delta);
        }

        @Override
        boolean isWhole() {
            return !name.isBlank() && end.isReached();
        }

        @Override
        void deliver(ChatListener to) {
            // Without a name it cannot be performed.
            if (!name.isBlank()) {
                isDelivered = true;
                to.onToolCall(new ToolCallDelta(index, idOrGenerated(), name, arguments()));
            }
        }

        private String arguments() {
            String arguments = content();
            return arguments.isBlank() ? NO_ARGUMENTS : arguments;
        }

        /** The number of the call in its conversation, unless another call has that id: a history may have been cut. */
        private String idOrGenerated() {
            while (id.isBlank()) {
                String next = "call_" + ++generated;
                id = earlierIds.contains(next) ? "" : next;
            }
            return id;
        }

        @Override
        Part build() {
            return new Part.ToolCall(idOrGenerated(), name, arguments(), Optional.ofNullable(signature));
        }
    }
}
