package dev.architect.server.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.ToolCallDelta;
import dev.architect.server.rest.JsonResponseWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Hands the events of a vendor's stream on as they come, to a client of that vendor. Errors and pings are those of the dialect. Used by one
 * thread at a time.
 */
public final class VendorStream extends AnswerStream {

    private static final String UNNAMED = "message";

    private final boolean hidesUsage;
    private final AnswerStream dialect;

    /**
     * Creates a stream that has written nothing.
     *
     * @param hidesUsage whether the last chunk with the counts is left out, which a client of OpenAI gets only when it asks for it
     * @param dialect writes what the vendor does not
     */
    public VendorStream(GatewayRequest request, EventSink sink, boolean hidesUsage, AnswerStream dialect) {
        super(request, sink);
        this.hidesUsage = hidesUsage;
        this.dialect = dialect;
    }

    @Override
    public void onWire(String event, String data) {
        if (hidesUsage && isUsage(data)) {
            return;
        }
        if (event.equals(UNNAMED)) {
            sink().data(data.getBytes(StandardCharsets.UTF_8));
        } else {
            sink().event(event, data);
        }
        sent();
    }

    /** A chunk of OpenAI with the counts alone. */
    private static boolean isUsage(String data) {
        if (!data.contains("\"usage\"")) {
            return false;
        }
        Optional<JsonNode> chunk = JsonResponseWriter.parsed(data);
        return chunk.isPresent()
                && chunk.get().path("usage").isObject()
                && chunk.get().path("choices").isArray()
                && chunk.get().path("choices").isEmpty();
    }

    @Override
    protected void begin() {
        // The vendor's events have begun it.
    }

    @Override
    protected void text(String delta) {
        // It stands in an event.
    }

    @Override
    protected boolean reasoning(String delta) {
        return true;
    }

    @Override
    protected void toolCall(ToolCallDelta call) {
        // It stands in an event.
    }

    @Override
    protected void end(ChatResponse answer) {
        // The vendor's last event has ended it.
    }

    @Override
    public void fail(GatewayFailure failure, String id) {
        dialect.fail(failure, id);
    }

    @Override
    public void ping() {
        dialect.ping();
    }
}
