package dev.architect.server.gateway.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.ToolCallDelta;
import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.server.gateway.dialect.GatewayFailure;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ProviderSignatures;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes an answer as the events of a message. The proof of reasoning is known only at the end of the answer, so blocks of reasoning stay
 * open until then.
 */
final class AnthropicMessageStream extends AnswerStream {

    private enum Open {
        NOTHING,
        TEXT,
        THINKING
    }

    private final AnthropicErrorBodies errors;
    private final List<Integer> thinking = new ArrayList<>();
    private Open open = Open.NOTHING;
    private int index = -1;
    private boolean anyCall;

    AnthropicMessageStream(GatewayRequest request, EventSink sink, AnthropicErrorBodies errors) {
        super(request, sink);
        this.errors = errors;
    }

    @Override
    protected void begin() {
        ObjectNode message = AnthropicMessages.head(requestId(), model());
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        // The output is counted at the end.
        message.set("usage", AnthropicTokenCounts.of(usage()).put("output_tokens", 0));
        ObjectNode event = event("message_start");
        event.set("message", message);
        send(event);
    }

    @Override
    protected void text(String delta) {
        if (open != Open.TEXT) {
            start(
                    Open.TEXT,
                    JsonResponseWriter.object()
                            .put("type", "text")
                            .put("text", "")
                            .putNull("citations"));
        }
        delta("text_delta", "text", delta);
    }

    @Override
    protected boolean reasoning(String delta) {
        if (open != Open.THINKING) {
            start(
                    Open.THINKING,
                    JsonResponseWriter.object()
                            .put("type", "thinking")
                            .put("thinking", "")
                            .put("signature", ""));
            thinking.add(index);
        }
        delta("thinking_delta", "thinking", delta);
        return true;
    }

    @Override
    protected void toolCall(ToolCallDelta call) {
        anyCall = true;
        start(Open.TEXT, AnthropicMessages.toolUse(call.id(), call.name(), JsonResponseWriter.object()));
        delta("input_json_delta", "partial_json", call.arguments());
        stop(index);
        open = Open.NOTHING;
    }

    @Override
    protected void end(ChatResponse answer) {
        finishBlock();
        finishThinking(answer);
        ObjectNode event = event("message_delta");
        event.putObject("delta")
                .put("stop_reason", AnthropicMessages.stopReason(answer.stopReason(), anyCall))
                .putNull("stop_sequence");
        event.set("usage", AnthropicTokenCounts.of(answer.usage()));
        send(event);
    }

    @Override
    protected void close() {
        send(event("message_stop"));
    }

    @Override
    public void fail(GatewayFailure failure, String id) {
        sink().event("error", errors.body(failure, id));
    }

    @Override
    public void ping() {
        sink().event("ping", event("ping"));
    }

    private void start(Open kind, ObjectNode block) {
        finishBlock();
        open = kind;
        index++;
        ObjectNode event = event("content_block_start").put("index", index);
        event.set("content_block", block);
        send(event);
    }

    private void finishBlock() {
        if (open == Open.TEXT) {
            stop(index);
        }
        open = Open.NOTHING;
    }

    /** In order: the n-th block of reasoning that was streamed is the n-th that has text. */
    private void finishThinking(ChatResponse answer) {
        List<Optional<Signature>> proofs = new ArrayList<>();
        for (Part part : answer.content()) {
            if (part instanceof Part.Reasoning reasoning && !reasoning.text().isEmpty()) {
                proofs.add(reasoning.signature());
            }
        }
        for (int i = 0; i < thinking.size(); i++) {
            Optional<Signature> proof = i < proofs.size() ? proofs.get(i) : Optional.empty();
            if (proof.isPresent()) {
                ObjectNode event = event("content_block_delta").put("index", thinking.get(i));
                event.putObject("delta")
                        .put("type", "signature_delta")
                        .put("signature", ProviderSignatures.write(proof.get()));
                send(event);
            }
            stop(thinking.get(i));
        }
    }

    private void delta(String type, String field, String text) {
        ObjectNode event = event("content_block_delta").put("index", index);
        event.putObject("delta").put("type", type).put(field, text);
        send(event);
    }

    private void stop(int block) {
        send(event("content_block_stop").put("index", block));
    }

    private static ObjectNode event(String type) {
        return JsonResponseWriter.object().put("type", type);
    }

    private void send(ObjectNode event) {
        sink().event(event.path("type").textValue(), event);
    }
}
