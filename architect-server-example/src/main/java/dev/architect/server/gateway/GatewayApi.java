package dev.architect.server.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.server.gateway.anthropic.AnthropicErrorBodies;
import dev.architect.server.gateway.anthropic.AnthropicMessages;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.GatewayFailure;
import dev.architect.server.gateway.dialect.GatewayFailures;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import dev.architect.server.gateway.openai.OpenAiChatDialect;
import dev.architect.server.gateway.openai.OpenAiEmbeddings;
import dev.architect.server.gateway.openai.OpenAiErrorBodies;
import dev.architect.server.gateway.openai.OpenAiResponses;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.List;

/**
 * The model gateway: clients of OpenAI and of Anthropic point at this server and get routing, failover and cost records. Safe for use by
 * several threads.
 */
public final class GatewayApi {

    private static final String AREA = "gateway";
    private static final String ROOT = "/v1/";
    private static final String MESSAGES = "/v1/messages";
    private static final String MODELS = "/v1/models";
    private static final String ANTHROPIC_VERSION = "anthropic-version";

    private final ModelCatalogue models;
    private final GatewayCalls calls;
    private final OpenAiChatDialect chat;
    private final OpenAiResponses responses;
    private final OpenAiEmbeddings embeddings;
    private final AnthropicMessages messages;
    private final ErrorDialect openAiErrors = OpenAiErrorBodies.ofChat();
    private final ErrorDialect anthropicErrors = new AnthropicErrorBodies();

    /** Creates the gateway to {@code architect}; its requests are made on threads of {@code runner}. */
    public GatewayApi(Architect architect, ThreadRunner runner, TimeSource time) {
        this.models = new ModelCatalogue(architect, time);
        this.calls = new GatewayCalls(architect, runner, time);
        this.chat = new OpenAiChatDialect(models);
        this.responses = new OpenAiResponses(models);
        this.embeddings = new OpenAiEmbeddings(models);
        this.messages = new AnthropicMessages(models);
    }

    /** Whether {@code path} is one of the gateway. */
    public static boolean isAt(String path) {
        return path.startsWith(ROOT);
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                calling("createChatCompletion", "/v1/chat/completions", request -> calls.answer(request, chat))
                        .summary("Answers a chat of a client of OpenAI, whole or as a stream.")
                        .body(GatewaySchemas.CHAT)
                        .answer(
                                200,
                                "The answer; a stream of events where one is asked for.",
                                GatewaySchemas.COMPLETION),
                calling("createResponse", "/v1/responses", request -> calls.answer(request, responses))
                        .summary("Answers in the form of OpenAI's responses, whole or as a stream; none is stored.")
                        .body(GatewaySchemas.RESPONSES)
                        .answer(200, "The answer; a stream of events where one is asked for.", GatewaySchemas.RESPONSE),
                calling("countResponseTokens", "/v1/responses/input_tokens", request -> calls.count(request, responses))
                        .summary("Estimates the tokens of a request in the form of OpenAI's responses.")
                        .body(GatewaySchemas.RESPONSES)
                        .answer(200, "How many.", GatewaySchemas.COUNT),
                calling("createEmbedding", "/v1/embeddings", request -> calls.embed(request, embeddings))
                        .summary("Turns texts into vectors of the model that is named.")
                        .body(GatewaySchemas.EMBEDDINGS)
                        .answer(200, "The vectors.", GatewaySchemas.VECTORS),
                calling("createMessage", MESSAGES, request -> calls.answer(request, messages))
                        .summary("Answers messages of a client of Anthropic, whole or as a stream.")
                        .body(GatewaySchemas.MESSAGES)
                        .answer(200, "The answer; a stream of events where one is asked for.", GatewaySchemas.MESSAGE)
                        .refuses(402, "billing_error")
                        .refuses(529, "overloaded_error"),
                calling("countMessageTokens", "/v1/messages/count_tokens", request -> calls.count(request, messages))
                        .summary("Estimates the tokens of messages of a client of Anthropic.")
                        .body(GatewaySchemas.MESSAGES_TO_COUNT)
                        .answer(200, "How many.", GatewaySchemas.COUNT),
                reading("listGatewayModels", MODELS, this::list)
                        .summary("Lists the names that a model may have at the gateway.")
                        .answer(200, "The names.", GatewaySchemas.MODELS),
                reading("getGatewayModel", "/v1/models/{model}", request -> show(request, request.pathParam("model")))
                        .summary("Shows a name that a model may have at the gateway.")
                        .answer(200, "The model.", GatewaySchemas.MODEL)
                        .refuses(404, ModelCatalogue.UNKNOWN_MODEL),
                reading(
                                "getProviderModel",
                                "/v1/models/{provider}/{model}",
                                request ->
                                        show(request, request.pathParam("provider") + "/" + request.pathParam("model")))
                        .summary("Shows a model of one provider at the gateway.")
                        .answer(200, "The model.", GatewaySchemas.MODEL)
                        .refuses(404, ModelCatalogue.UNKNOWN_MODEL));
    }

    private static Operation calling(String id, String path, Handler handler) {
        return refusing(Operation.post(id, path, Permission.act(AREA), handler))
                .refuses(404, ModelCatalogue.UNKNOWN_MODEL)
                .refuses(413, "request_too_large")
                .refuses(415, "unsupported_media_type")
                .refuses(429, "rate_limit_exceeded", "insufficient_quota")
                .refuses(503, "no_route")
                .refuses(504, "timeout");
    }

    private static Operation reading(String id, String path, Handler handler) {
        return refusing(Operation.get(id, path, Permission.act(AREA), handler));
    }

    private static Operation refusing(Operation operation) {
        return operation
                .errors(GatewaySchemas.ERROR)
                .refuses(400, "invalid_request_error")
                .refuses(401, "invalid_api_key")
                .refuses(403, "permission_error");
    }

    /** Keeps streams alive while nothing comes, from now on until the runner ends. */
    public void start() {
        calls.start();
    }

    /**
     * Writes the error of a request to the gateway in the dialect of its client; returns false for one to anything else. What fails before a
     * body is read is written here as well.
     */
    public boolean writeError(Context answer, ApiException failure) {
        String path = answer.path();
        if (!isAt(path)) {
            return false;
        }
        boolean isAnthropic = path.startsWith(MESSAGES) || isAnthropicList(answer);
        GatewayFailure known = GatewayFailures.of(failure);
        calls.writeError(answer, known, isAnthropic ? anthropicErrors : openAiErrors);
        return true;
    }

    private static boolean isAnthropicList(Context request) {
        return request.path().startsWith(MODELS) && request.header(ANTHROPIC_VERSION) != null;
    }

    private void list(Context request) {
        List<ModelCatalogue.Listed> names = models.names();
        ObjectNode whole = JsonResponseWriter.object();
        boolean isAnthropic = isAnthropicList(request);
        if (!isAnthropic) {
            whole.put("object", "list");
        }
        ArrayNode data = whole.putArray("data");
        names.forEach(listed -> data.add(json(listed, isAnthropic)));
        if (isAnthropic) {
            whole.put("has_more", false)
                    .put("first_id", names.get(0).name())
                    .put("last_id", names.get(names.size() - 1).name());
        }
        JsonResponseWriter.write(request, whole);
    }

    private void show(Context request, String name) {
        ModelCatalogue.Listed listed = models.name(name)
                .orElseThrow(() -> new ApiException(
                        404,
                        ModelCatalogue.UNKNOWN_MODEL,
                        "model '" + BodyFields.shorten(name) + "' is not served here, expected one of GET " + MODELS,
                        "model",
                        null));
        JsonResponseWriter.write(request, json(listed, isAnthropicList(request)));
    }

    /** When a model was made is not known here; both vendors allow the beginning of 1970 for that. */
    private static ObjectNode json(ModelCatalogue.Listed listed, boolean isAnthropic) {
        return isAnthropic
                ? JsonResponseWriter.object()
                        .put("type", "model")
                        .put("id", listed.name())
                        .put("display_name", listed.name())
                        .put("created_at", "1970-01-01T00:00:00Z")
                        .put("lifecycle", "active")
                : JsonResponseWriter.object()
                        .put("id", listed.name())
                        .put("object", "model")
                        .put("created", 0)
                        .put("owned_by", listed.owner());
    }
}
