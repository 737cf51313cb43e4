package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.model.FinishState;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.route.Route;
import dev.architect.usage.TokenUsage;
import java.util.List;

/**
 * An answer, the model that gave it, and what it cost.
 *
 * @param content text, reasoning and tool calls of the model, in order; may be empty
 * @param stopReason why it ended
 * @param model the model that answered, as the provider named it
 * @param usage what the answering call used
 * @param cost the cost of the answering call and of the whole request, and the baseline
 * @param route the candidates and why they were in that order
 * @param position place of the answering candidate on the route, 0 is the first choice
 * @param citations the sources of the answer
 * @param finish {@link FinishState#COMPLETE}, or {@link FinishState#RESCUED} when a call broke off in the middle of the answer
 * @param requestId names the request in the ledger, in records and in feedback; empty when the router gave none
 * @param verdict what the checkers of answers came to, see {@link dev.architect.answer.AnswerChecker}
 * @param calls how many calls the request made, those that failed included; 0 for an answer from a cache
 * @param wire the whole answer as the provider sent it, a JSON object, to a request with a {@link ChatRequest#wireBody} and without a
 *     listener; empty for others
 */
public record ChatResponse(
        List<Part> content,
        StopReason stopReason,
        ModelId model,
        TokenUsage usage,
        ResponseCost cost,
        Route route,
        int position,
        List<Citation> citations,
        FinishState finish,
        String requestId,
        AnswerVerdict verdict,
        int calls,
        String wire) {

    /** Creates an answer that was not asked for in the form of a vendor. */
    public ChatResponse(
            List<Part> content,
            StopReason stopReason,
            ModelId model,
            TokenUsage usage,
            ResponseCost cost,
            Route route,
            int position,
            List<Citation> citations,
            FinishState finish,
            String requestId,
            AnswerVerdict verdict,
            int calls) {
        this(
                content,
                stopReason,
                model,
                usage,
                cost,
                route,
                position,
                citations,
                finish,
                requestId,
                verdict,
                calls,
                "");
    }

    /** Creates an answer that one call gave. */
    public ChatResponse(
            List<Part> content,
            StopReason stopReason,
            ModelId model,
            TokenUsage usage,
            ResponseCost cost,
            Route route,
            int position,
            List<Citation> citations,
            FinishState finish,
            String requestId,
            AnswerVerdict verdict) {
        this(content, stopReason, model, usage, cost, route, position, citations, finish, requestId, verdict, 1);
    }

    /** Creates an answer that one call gave, that has no id, and that no checker has seen. */
    public ChatResponse(
            List<Part> content,
            StopReason stopReason,
            ModelId model,
            TokenUsage usage,
            ResponseCost cost,
            Route route,
            int position,
            List<Citation> citations) {
        this(
                content,
                stopReason,
                model,
                usage,
                cost,
                route,
                position,
                citations,
                FinishState.COMPLETE,
                "",
                AnswerVerdict.unchecked());
    }

    /** Copies the lists and checks every field. */
    public ChatResponse {
        Check.notNull("stopReason", stopReason);
        Check.notNull("model", model);
        Check.notNull("usage", usage);
        Check.notNull("cost", cost);
        Check.notNull("route", route);
        content = List.copyOf(Check.noNulls("content", content));
        citations = List.copyOf(Check.noNulls("citations", citations));
        Check.notNegative("position", position);
        if (Check.notNull("finish", finish) == FinishState.PARTIAL_ERROR) {
            throw new IllegalArgumentException("finish is PARTIAL_ERROR, expected that of a whole answer");
        }
        Check.notNull("requestId", requestId);
        Check.notNull("verdict", verdict);
        Check.notNegative("calls", calls);
        Check.notNull("wire", wire);
    }

    /** Whether the answer came from a cache, without a call. */
    public boolean isCached() {
        return cost.avoided().isPresent();
    }

    /** Returns this answer with another verdict. */
    public ChatResponse withVerdict(AnswerVerdict changed) {
        return new ChatResponse(
                content,
                stopReason,
                model,
                usage,
                cost,
                route,
                position,
                citations,
                finish,
                requestId,
                changed,
                calls,
                wire);
    }

    /** Returns this answer with the form in which the provider sent it. */
    public ChatResponse withWire(String json) {
        return new ChatResponse(
                content,
                stopReason,
                model,
                usage,
                cost,
                route,
                position,
                citations,
                finish,
                requestId,
                verdict,
                calls,
                json);
    }

    /** Returns this answer as that of another request, at another cost. */
    public ChatResponse asAnswerOf(String request, ResponseCost changed) {
        return new ChatResponse(
                content,
                stopReason,
                model,
                usage,
                changed,
                route,
                position,
                citations,
                finish,
                request,
                verdict,
                Check.notNull("changed", changed).avoided().isPresent() ? 0 : calls,
                wire);
    }

    /** Delivers this answer to {@code listener} as if it were streamed, each part as one delta. */
    public void replayTo(ChatListener listener) {
        Check.notNull("listener", listener);
        listener.onAnswering(model, requestId, calls);
        int index = 0;
        for (Part part : content) {
            if (part instanceof Part.Text piece && !piece.text().isEmpty()) {
                listener.onText(piece.text());
            } else if (part instanceof Part.Reasoning reasoning
                    && !reasoning.text().isEmpty()) {
                listener.onReasoning(reasoning.text());
            } else if (part instanceof Part.ToolCall call) {
                listener.onToolCall(new ToolCallDelta(index++, call.id(), call.name(), call.arguments()));
            }
        }
        citations.forEach(listener::onCitation);
        if (!usage.isUnknown()) {
            listener.onUsage(usage);
        }
        listener.onStop(stopReason);
    }

    /** The whole text. */
    public String text() {
        return Message.text(content);
    }

    /** The tools that shall be called, in order. */
    public List<Part.ToolCall> toolCalls() {
        return Message.toolCalls(content);
    }

    /**
     * Returns the answer as a turn of the conversation, for the next request.
     *
     * @throws IllegalStateException when the answer is empty
     */
    public Message message() {
        if (content.isEmpty()) {
            throw new IllegalStateException("answer is empty (" + stopReason + "), expected content");
        }
        return new Message(Role.ASSISTANT, content);
    }

    /** Shows everything but the text. */
    @Override
    public String toString() {
        return "ChatResponse[" + model + ", " + text().length() + " characters, " + stopReason + ", cost "
                + cost.answer() + ", position " + position + "]";
    }
}
