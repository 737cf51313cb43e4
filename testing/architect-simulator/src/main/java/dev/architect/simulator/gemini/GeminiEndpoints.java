package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.ProviderEndpoints;
import dev.architect.simulator.wire.RateWindow;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Gemini API: {@code generateContent}, its streams with and without {@code alt=sse}, token counting and models. */
public final class GeminiEndpoints implements ProviderEndpoints {

    private static final String MODELS = "/v1beta/models";
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 1000;

    @Override
    public @Nullable String key(RawRequest request) {
        String key = request.header("x-goog-api-key");
        return key != null ? key : request.query().get("key");
    }

    @Override
    public ErrorResponseException invalidKey(@Nullable String key) {
        if (key == null) {
            return GeminiErrorWriter.error(
                    403,
                    CallAction.BAD_KEY,
                    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key"
                            + " or other form of API consumer identity to call this API.",
                    "PERMISSION_DENIED");
        }
        String message = "API key not valid. Please pass a valid API key.";
        ObjectNode info = SimulatorJson.object()
                .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                .put("reason", "API_KEY_INVALID")
                .put("domain", "googleapis.com");
        info.set("metadata", SimulatorJson.object().put("service", "generativelanguage.googleapis.com"));
        ObjectNode localized = SimulatorJson.object()
                .put("@type", "type.googleapis.com/google.rpc.LocalizedMessage")
                .put("locale", "en-US")
                .put("message", message);
        return new ErrorResponseException(
                400,
                CallAction.BAD_KEY,
                GeminiErrorWriter.body(400, message, "INVALID_ARGUMENT", SimulatorJson.array(info, localized)));
    }

    @Override
    public ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException {
        String path = request.path();
        boolean get = request.method().equals("GET");
        if (path.equals(MODELS) && get) {
            return models(request, script);
        }
        if (path.startsWith(MODELS + "/")) {
            String rest = path.substring(MODELS.length() + 1);
            int colon = rest.lastIndexOf(':');
            if (get) {
                return ParsedRequest.FixedAnswer.of(model(rest, model(rest, script, "getModel")));
            }
            if (colon > 0 && request.method().equals("POST")) {
                return call(request, rest.substring(0, colon), rest.substring(colon + 1), script);
            }
        }
        throw notFound();
    }

    private ParsedRequest call(RawRequest request, String id, String method, ProviderScript script)
            throws ErrorResponseException {
        ObjectNode body = jsonObject(request);
        switch (method) {
            case "generateContent":
                return new GeminiRequestReader(body, id, chats(id, script, method)).read(true, false);
            case "streamGenerateContent":
                boolean events = "sse".equals(request.query().get("alt"));
                return new GeminiRequestReader(body, id, chats(id, script, method)).read(events, true);
            case "countTokens":
                return count(GeminiFieldNameNormalizer.toCamelCase(body), id, chats(id, script, method));
            case "embedContent":
                return GeminiEmbeddingEndpoint.one(body, id, embeds(id, script, method));
            case "batchEmbedContents":
                return GeminiEmbeddingEndpoint.batch(body, id, embeds(id, script, method));
            default:
                throw notFound();
        }
    }

    private static SimulatedModel model(String id, ProviderScript script, String method) throws ErrorResponseException {
        SimulatedModel model = script.models().get(id);
        if (model == null) {
            throw GeminiErrorWriter.unknownModel(id, method);
        }
        return model;
    }

    private static SimulatedModel chats(String id, ProviderScript script, String method) throws ErrorResponseException {
        SimulatedModel model = model(id, script, method);
        if (model.isEmbedding()) {
            throw GeminiErrorWriter.unknownModel(id, method);
        }
        return model;
    }

    private static SimulatedModel embeds(String id, ProviderScript script, String method)
            throws ErrorResponseException {
        SimulatedModel model = model(id, script, method);
        if (!model.isEmbedding()) {
            throw GeminiErrorWriter.unknownModel(id, method);
        }
        return model;
    }

    /** Tools and system text are counted only in a request of its own inside the request. */
    private static ParsedRequest count(ObjectNode body, String id, SimulatedModel model) throws ErrorResponseException {
        GeminiErrorWriter.FIELDS.allowOnly(body, "", Set.of("contents", "generateContentRequest", "model"));
        ObjectNode counted = body;
        if (body.path("generateContentRequest") instanceof ObjectNode inner) {
            if (body.has("contents")) {
                throw GeminiErrorWriter.invalid("contents and generate_content_request are mutually exclusive.");
            }
            String name = GeminiErrorWriter.FIELDS.text(inner, "generateContentRequest", "model");
            if (!name.equals("models/" + id)) {
                throw GeminiErrorWriter.invalid("generate_content_request.model must be models/" + id + ".");
            }
            counted = inner;
        }
        long tokens = new GeminiRequestReader(counted, id, model)
                .read(true, false)
                .prompt()
                .tokens();
        ObjectNode count = SimulatorJson.object().put("totalTokens", tokens);
        count.set(
                "promptTokensDetails",
                SimulatorJson.array(
                        SimulatorJson.object().put("modality", "TEXT").put("tokenCount", tokens)));
        return new ParsedRequest.FixedAnswer(SimulatorJson.pretty(count));
    }

    private static ParsedRequest models(RawRequest request, ProviderScript script) throws ErrorResponseException {
        int size = Math.min(number(request, "pageSize", PAGE), LARGEST_PAGE);
        int from = number(request, "pageToken", 0);
        List<Map.Entry<String, SimulatedModel>> all = List.copyOf(new TreeMap<>(script.models()).entrySet());
        int to = Math.min(all.size(), from + Math.max(size, 1));
        ArrayNode models = SimulatorJson.array();
        for (Map.Entry<String, SimulatedModel> model : all.subList(Math.min(from, to), to)) {
            models.add(model(model.getKey(), model.getValue()));
        }
        ObjectNode list = SimulatorJson.object();
        list.set("models", models);
        if (to < all.size()) {
            list.put("nextPageToken", Integer.toString(to));
        }
        return new ParsedRequest.FixedAnswer(SimulatorJson.pretty(list));
    }

    private static int number(RawRequest request, String name, int defaultValue) throws ErrorResponseException {
        String text = request.query().getOrDefault(name, "");
        if (text.isEmpty()) {
            return defaultValue;
        }
        if (!text.matches("\\d{1,6}")) {
            throw GeminiErrorWriter.MESSAGES.invalidValue(name, "TYPE_INT32");
        }
        return Integer.parseInt(text);
    }

    private static ObjectNode model(String id, SimulatedModel model) {
        ObjectNode entry = SimulatorJson.object()
                .put("name", "models/" + id)
                .put("displayName", id)
                .put("inputTokenLimit", model.contextTokens())
                .put("outputTokenLimit", model.isEmbedding() ? 1 : 65_536);
        ArrayNode methods = SimulatorJson.array();
        List<String> methodNames = model.isEmbedding()
                ? List.of("embedContent", "batchEmbedContents")
                : List.of("generateContent", "countTokens");
        methodNames.forEach(methods::add);
        entry.set("supportedGenerationMethods", methods);
        return entry.put("thinking", model.reasoningShare() > 0);
    }

    private static ErrorResponseException notFound() {
        return GeminiErrorWriter.error(404, CallAction.NOT_FOUND, "Requested entity was not found.", "NOT_FOUND");
    }

    @Override
    public ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action) {
        String name = switch (status) {
            case 400 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 503 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status >= 500 ? "INTERNAL" : "FAILED_PRECONDITION";
        };
        String message = switch (status) {
            case 400 -> "Invalid JSON payload received.";
            case 429 -> "Resource has been exhausted (e.g. check quota).";
            case 503 -> "The model is overloaded. Please try again later.";
            default -> status >= 500 ? "An internal error has occurred." : "The request was refused.";
        };
        ArrayNode details = SimulatorJson.array();
        if (status == 429 && retryAfter != null) {
            ObjectNode quota = SimulatorJson.object().put("@type", "type.googleapis.com/google.rpc.QuotaFailure");
            quota.set(
                    "violations",
                    SimulatorJson.array(SimulatorJson.object()
                            .put("quotaMetric", "generativelanguage.googleapis.com/generate_content_requests")
                            .put("quotaId", "GenerateRequestsPerMinutePerProjectPerModel")));
            details.add(quota);
        }
        if (retryAfter != null) {
            String delay = BigDecimal.valueOf(retryAfter.toMillis(), 3)
                    .stripTrailingZeros()
                    .toPlainString();
            details.add(SimulatorJson.object()
                    .put("@type", "type.googleapis.com/google.rpc.RetryInfo")
                    .put("retryDelay", delay + "s"));
        }
        return new ErrorResponseException(status, action, GeminiErrorWriter.body(status, message, name, details));
    }

    @Override
    public ErrorResponseException noCredit() {
        return GeminiErrorWriter.error(
                402, CallAction.NO_CREDIT, "Your prepayment credits are depleted.", "FAILED_PRECONDITION");
    }

    @Override
    public ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens) {
        return GeminiErrorWriter.invalid("The input token count (" + promptTokens
                + ") exceeds the maximum number of tokens allowed (" + contextTokens + ").");
    }

    @Override
    public void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window) {
        // Gemini states neither limits nor a request id in headers.
        headers.put("x-gemini-service-tier", "standard");
        headers.computeIfPresent(
                "content-type", (name, type) -> type.equals("application/json") ? type + "; charset=UTF-8" : type);
    }
}
