package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.ToolCallDelta;
import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.server.gateway.dialect.GatewayFailure;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes an answer as the numbered events of a response. */
final class OpenAiResponseStream extends AnswerStream {

    private enum Open {
        NOTHING,
        MESSAGE,
        REASONING
    }

    private final OpenAiResponseItems format;
    private final OpenAiErrorBodies errors;
    private final List<ObjectNode> done = new ArrayList<>();
    private final List<Citation> citations = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Open open = Open.NOTHING;
    private long number;

    OpenAiResponseStream(GatewayRequest request, EventSink sink, OpenAiResponseItems format, OpenAiErrorBodies errors) {
        super(request, sink);
        this.format = format;
        this.errors = errors;
    }

    @Override
    protected void begin() {
        ObjectNode response = format.response(requestId(), model());
        send("response.created", with("response", response));
        send("response.in_progress", with("response", response));
    }

    @Override
    protected void text(String delta) {
        if (open != Open.MESSAGE) {
            finishItem();
            open = Open.MESSAGE;
            added(OpenAiResponseItems.begunMessage(id("msg_")));
            send("response.content_part.added", atText().set("part", OpenAiResponseItems.text("", List.of())));
        }
        text.append(delta);
        ObjectNode event = atText().put("delta", delta);
        event.putArray("logprobs");
        send("response.output_text.delta", event);
    }

    @Override
    protected boolean reasoning(String delta) {
        if (open != Open.REASONING) {
            finishItem();
            open = Open.REASONING;
            added(OpenAiResponseItems.reasoning(id("rs_"), "", Optional.empty()));
            send("response.reasoning_summary_part.added", atSummary().set("part", OpenAiResponseItems.summary("")));
        }
        text.append(delta);
        send("response.reasoning_summary_text.delta", atSummary().put("delta", delta));
        return true;
    }

    @Override
    protected void toolCall(ToolCallDelta call) {
        finishItem();
        String item = id("fc_");
        added(OpenAiResponseItems.call(item, call.id(), call.name(), "", false));
        ObjectNode place = JsonResponseWriter.object().put("item_id", item).put("output_index", done.size());
        send("response.function_call_arguments.delta", place.deepCopy().put("delta", call.arguments()));
        send(
                "response.function_call_arguments.done",
                place.put("name", call.name()).put("arguments", call.arguments()));
        finish(OpenAiResponseItems.call(item, call.id(), call.name(), call.arguments(), true));
    }

    @Override
    protected void citation(Citation citation) {
        citations.add(citation);
    }

    @Override
    protected void end(ChatResponse answer) {
        finishItem();
        ObjectNode response = format.finished(answer, done);
        boolean isWhole = OpenAiResponseItems.incomplete(answer.stopReason()).isEmpty();
        send(isWhole ? "response.completed" : "response.incomplete", with("response", response));
    }

    @Override
    public void fail(GatewayFailure failure, String id) {
        send(
                "error",
                JsonResponseWriter.object()
                        .put("code", OpenAiErrorBodies.code(failure.kind()))
                        .put("message", failure.message())
                        .put("param", errors.param(failure.param())));
    }

    @Override
    public void ping() {
        sink().comment("ping");
    }

    private void finishItem() {
        String whole = text.toString();
        text.setLength(0);
        switch (open) {
            case NOTHING -> {
                return;
            }
            case MESSAGE -> {
                ObjectNode event = atText().put("text", whole);
                event.putArray("logprobs");
                send("response.output_text.done", event);
                send("response.content_part.done", atText().set("part", OpenAiResponseItems.text(whole, citations)));
                finish(OpenAiResponseItems.message(id("msg_"), whole, citations));
            }
            case REASONING -> {
                send("response.reasoning_summary_text.done", atSummary().put("text", whole));
                send(
                        "response.reasoning_summary_part.done",
                        atSummary().set("part", OpenAiResponseItems.summary(whole)));
                finish(OpenAiResponseItems.reasoning(id("rs_"), whole, Optional.empty()));
            }
        }
        open = Open.NOTHING;
    }

    private void added(ObjectNode item) {
        send("response.output_item.added", with("item", item).put("output_index", done.size()));
    }

    private void finish(ObjectNode item) {
        send("response.output_item.done", with("item", item).put("output_index", done.size()));
        done.add(item);
    }

    private String id(String prefix) {
        return prefix + requestId() + "_" + done.size();
    }

    private ObjectNode atText() {
        return JsonResponseWriter.object()
                .put("item_id", id("msg_"))
                .put("output_index", done.size())
                .put("content_index", 0);
    }

    private ObjectNode atSummary() {
        return JsonResponseWriter.object()
                .put("item_id", id("rs_"))
                .put("output_index", done.size())
                .put("summary_index", 0);
    }

    private static ObjectNode with(String name, ObjectNode value) {
        return JsonResponseWriter.object().set(name, value);
    }

    private void send(String type, ObjectNode data) {
        ObjectNode event = JsonResponseWriter.object().put("type", type);
        event.setAll(data);
        sink().event(type, event.put("sequence_number", number++));
    }
}
