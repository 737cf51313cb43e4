package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatResponse;
import dev.architect.model.WireFormat;
import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.ClientDialect;
import dev.architect.server.gateway.dialect.CountingDialect;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import dev.architect.server.gateway.dialect.VendorBody;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** OpenAI's responses; none is stored. Safe for use by several threads. */
public final class OpenAiResponses implements ClientDialect, CountingDialect {

    private final OpenAiResponsesReader reader;
    private final OpenAiErrorBodies errors = OpenAiErrorBodies.ofResponses();
    private final VendorBody vendor;

    /** Creates the dialect of clients that choose among {@code models}. */
    public OpenAiResponses(ModelCatalogue models) {
        this.reader = new OpenAiResponsesReader(models);
        this.vendor = new VendorBody(models, WireFormat.OPENAI_RESPONSES);
    }

    @Override
    public GatewayRequest read(ObjectNode body) {
        return reader.read(body);
    }

    @Override
    public GatewayRequest readPrompt(ObjectNode body) {
        return reader.read(body);
    }

    @Override
    public ObjectNode count(long tokens) {
        return JsonResponseWriter.object()
                .put("object", "response.input_tokens")
                .put("input_tokens", tokens);
    }

    @Override
    public Optional<GatewayRequest> readVendorBody(ObjectNode body, Map<String, String> headers) {
        return vendor.read(body, headers);
    }

    @Override
    public Set<String> vendorHeaders() {
        return vendor.headers();
    }

    @Override
    public ErrorDialect errors() {
        return errors;
    }

    @Override
    public ObjectNode answer(GatewayRequest request, ChatResponse answer, Instant at) {
        return new OpenAiResponseItems(request, at).finished(answer, OpenAiResponseItems.items(answer));
    }

    @Override
    public AnswerStream stream(GatewayRequest request, EventSink sink, Instant at) {
        return new OpenAiResponseStream(request, sink, new OpenAiResponseItems(request, at), errors);
    }
}
