package dev.architect.server.gateway.dialect;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import java.util.Optional;

/**
 * Writes one answer as it comes, in the words of a dialect. Nothing that was written can be taken back: an answer that begins anew after
 * content was sent ends the request. Used by one thread at a time.
 */
public abstract class AnswerStream implements ChatListener {

    private final EventSink sink;
    private final AnswerHeaders headers;
    private String model;
    private String requestId = "";
    private TokenUsage usage = TokenUsage.UNKNOWN;
    private boolean begun;
    private boolean anyContent;

    /** Creates a stream that has written nothing. */
    protected AnswerStream(GatewayRequest request, EventSink sink) {
        this.sink = sink;
        this.headers = new AnswerHeaders(request);
        this.model = request.model();
    }

    /** A part of the answer was sent, which cannot be taken back. */
    protected final void sent() {
        anyContent = true;
    }

    /** Where events go. */
    protected final EventSink sink() {
        return sink;
    }

    /** The model that answers, without its provider. */
    protected final String model() {
        return model;
    }

    /** The id of the request, empty before a model answers. */
    public final String requestId() {
        return requestId;
    }

    /** What the provider has counted so far. */
    protected final TokenUsage usage() {
        return usage;
    }

    /** Whether a part of the answer was sent. */
    public final boolean hasContent() {
        return anyContent;
    }

    /** Writes what precedes every answer. */
    protected abstract void begin();

    /** Writes the next delta of the text. */
    protected abstract void text(String delta);

    /** Writes the next delta of the reasoning; returns whether the dialect has a place for it. */
    protected abstract boolean reasoning(String delta);

    /** Writes a whole tool call. */
    protected abstract void toolCall(ToolCallDelta call);

    /** Writes a source; nothing by default. */
    protected void citation(Citation citation) {}

    /** Writes the end of a complete answer. */
    protected abstract void end(ChatResponse answer);

    /** Writes what follows everything else of a complete answer; nothing by default. */
    protected void close() {}

    /** Writes an error in place of the rest. */
    public abstract void fail(GatewayFailure failure, String id);

    /** Writes something that keeps the connection alive. */
    public abstract void ping();

    /**
     * Writes the end of {@code answer}, with all that was not sent before it.
     *
     * @param details what a comment before the very end shows; empty for none
     */
    public final void complete(ChatResponse answer, Optional<String> details) {
        if (requestId.isEmpty()) {
            onAnswering(answer.model(), answer.requestId(), answer.calls());
        }
        sink.gather();
        content();
        end(answer);
        details.ifPresent(sink::comment);
        close();
        sink.finish();
    }

    @Override
    public final void onAnswering(ModelId answering, String id, int calls) {
        model = answering.model();
        requestId = id;
        headers.put(sink::header, answering, id, calls);
    }

    @Override
    public final void onText(String delta) {
        content();
        text(delta);
        anyContent = true;
    }

    @Override
    public final void onReasoning(String delta) {
        content();
        anyContent |= reasoning(delta);
    }

    @Override
    public final void onToolCall(ToolCallDelta delta) {
        content();
        toolCall(delta);
        anyContent = true;
    }

    @Override
    public final void onCitation(Citation citation) {
        citation(citation);
    }

    @Override
    public final void onUsage(TokenUsage soFar) {
        usage = soFar;
    }

    @Override
    public final void onBurst() {
        sink.gather();
    }

    @Override
    public final void onPause() {
        sink.release();
    }

    @Override
    public final void onRestart() {
        if (anyContent) {
            throw new BrokenAnswerException();
        }
    }

    private void content() {
        if (!begun) {
            begun = true;
            begin();
        }
    }
}
