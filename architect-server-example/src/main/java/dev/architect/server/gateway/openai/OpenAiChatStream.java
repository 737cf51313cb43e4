package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.ToolCallDelta;
import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.server.gateway.dialect.GatewayFailure;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.rest.JsonResponseWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes an answer as chunks of a chat completion, without names, and {@code [DONE]} at the end. */
final class OpenAiChatStream extends AnswerStream {

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.UTF_8);

    private final GatewayRequest request;
    private final OpenAiErrorBodies errors;
    private final Instant at;
    private int calls;
    private String head = "";

    OpenAiChatStream(GatewayRequest request, EventSink sink, OpenAiErrorBodies errors, Instant at) {
        super(request, sink);
        this.request = request;
        this.errors = errors;
        this.at = at;
    }

    @Override
    protected void begin() {
        ObjectNode common = JsonResponseWriter.object()
                .put("id", OpenAiChatDialect.id(requestId()))
                .put("object", "chat.completion.chunk")
                .put("created", at.getEpochSecond())
                .put("model", model());
        String json = common.toString();
        head = json.substring(0, json.length() - 1) + ",";
        send("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", null);
    }

    @Override
    protected void text(String delta) {
        send("{\"content\":\"" + new String(JsonStringEncoder.getInstance().quoteAsString(delta)) + "\"}", null);
    }

    @Override
    protected boolean reasoning(String delta) {
        return false;
    }

    @Override
    protected void toolCall(ToolCallDelta call) {
        ObjectNode delta = JsonResponseWriter.object();
        delta.putArray("tool_calls")
                .add(OpenAiChatDialect.call(call.id(), call.name(), call.arguments())
                        .put("index", calls++));
        send(delta.toString(), null);
    }

    @Override
    protected void end(ChatResponse answer) {
        ObjectNode last = JsonResponseWriter.object();
        OpenAiCitations.putInto(last, answer.citations());
        send(last.toString(), OpenAiChatDialect.finish(answer.stopReason(), calls > 0));
        if (request.wantsUsage()) {
            sink().data(bytes(head + "\"choices\":[],\"usage\":" + OpenAiTokenCounts.ofChat(answer.usage()) + "}"));
        }
    }

    @Override
    protected void close() {
        sink().data(DONE);
    }

    @Override
    public void fail(GatewayFailure failure, String id) {
        sink().data(errors.body(failure, id));
    }

    @Override
    public void ping() {
        sink().comment("ping");
    }

    private void send(String delta, @Nullable String finish) {
        sink().data(bytes(
                head + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":"
                        + (finish == null ? "null" : "\"" + finish + "\"") + "}]"
                        + (request.wantsUsage() ? ",\"usage\":null}" : "}")));
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
