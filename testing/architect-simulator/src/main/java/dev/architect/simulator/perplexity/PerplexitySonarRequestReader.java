package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the body of a Sonar Chat Completion: after the system text, user and model take turns, the user last. */
final class PerplexitySonarRequestReader {

    private static final StrictFields FIELDS = PerplexityErrorWriter.FIELDS;
    private static final Set<String> ALLOWED_FIELDS = fields();

    private final ObjectNode body;
    private final ProviderScript script;

    PerplexitySonarRequestReader(ObjectNode body, ProviderScript script) {
        this.body = body;
        this.script = script;
    }

    ParsedRequest.Chat read() throws ErrorResponseException {
        FIELDS.allowOnly(body, "", ALLOWED_FIELDS);
        String id = FIELDS.text(body, "", "model");
        SimulatedModel model = script.models().get(id);
        if (id.contains("/") || model == null || model.isEmbedding()) {
            throw PerplexityErrorWriter.error(
                    400,
                    CallAction.UNKNOWN_MODEL,
                    "Invalid model '" + id + "'. Permitted models can be found in the documentation.",
                    "invalid_model",
                    null);
        }
        PerplexitySearchValidator.filters(body, "");
        search();
        FIELDS.range(body, "", "temperature", 0, 2);
        FIELDS.range(body, "", "top_p", 0, 1);
        FIELDS.range(body, "", "max_tokens", 1, Integer.MAX_VALUE);
        JsonNode limit = body.path("max_tokens");
        return new ParsedRequest.Chat(
                new PerplexitySonarAnswerWriter(),
                id,
                model,
                prompt(),
                limit.isIntegralNumber() ? limit.longValue() : Long.MAX_VALUE,
                FIELDS.bool(body, "", "stream", false),
                true,
                0,
                ToolUse.NONE,
                PerplexityAgentRequestReader.outputSchema(body),
                effort(id),
                stops());
    }

    private void search() throws ErrorResponseException {
        FIELDS.bool(body, "", "disable_search", false);
        if (body.hasNonNull("search_mode")) {
            FIELDS.oneOf(body, "", "search_mode", Set.of("web", "academic", "sec"));
        }
        if (body.hasNonNull("web_search_options")) {
            JsonNode options = body.get("web_search_options");
            FIELDS.allowOnly(
                    options, "web_search_options", Set.of("search_context_size", "search_type", "user_location"));
            PerplexitySearchValidator.context(options, "web_search_options");
            if (options.hasNonNull("search_type")) {
                FIELDS.oneOf(options, "web_search_options", "search_type", Set.of("fast", "pro", "auto"));
            }
        }
    }

    /** Models that do not reason ignore the effort. */
    private String effort(String id) throws ErrorResponseException {
        if (!body.hasNonNull("reasoning_effort")) {
            return "";
        }
        String effort = FIELDS.oneOf(body, "", "reasoning_effort", Set.of("minimal", "low", "medium", "high"));
        return id.contains("reasoning") || id.contains("deep-research") ? effort : "";
    }

    private List<String> stops() throws ErrorResponseException {
        List<String> stops = new ArrayList<>();
        if (body.path("stop").isTextual()) {
            stops.add(body.path("stop").textValue());
        } else {
            FIELDS.forEachItem(body, "", "stop", (stop, path) -> stops.add(stop.asText()));
        }
        return stops;
    }

    private Prompt prompt() throws ErrorResponseException {
        JsonNode messages = FIELDS.required(body, "", "messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw PerplexityErrorWriter.invalid("messages is required", null);
        }
        Prompt prompt = new Prompt();
        String last = "system";
        for (int i = 0; i < messages.size(); i++) {
            String path = "messages[" + i + "]";
            FIELDS.allowOnly(messages.get(i), path, Set.of("role", "content"));
            String role = FIELDS.oneOf(messages.get(i), path, "role", Set.of("system", "user", "assistant"));
            if (role.equals("system") ? !last.equals("system") : role.equals(last)) {
                throw badTurn();
            }
            prompt.begin(role);
            content(messages.get(i), path, prompt);
            last = role;
        }
        if (!last.equals("user")) {
            throw PerplexityErrorWriter.error(
                    400, CallAction.BAD_REQUEST, "Last message must have role `user`", "invalid_message", null);
        }
        return prompt;
    }

    private static void content(JsonNode message, String path, Prompt prompt) throws ErrorResponseException {
        JsonNode content = FIELDS.required(message, path, "content");
        if (content.isTextual()) {
            prompt.text(content.textValue());
            return;
        }
        FIELDS.forEachItem(message, path, "content", (part, at) -> {
            String type = FIELDS.oneOf(part, at, "type", Set.of("text", "image_url"));
            FIELDS.allowOnly(part, at, Set.of("type", type));
            if (type.equals("text")) {
                prompt.text(FIELDS.text(part, at, "text"));
            } else {
                JsonNode image = FIELDS.required(part, at, "image_url");
                FIELDS.allowOnly(image, at + ".image_url", Set.of("url"));
                String url = FIELDS.text(image, at + ".image_url", "url");
                prompt.media(PerplexityAgentRequestInputReader.image(url, at + ".image_url.url"));
            }
        });
    }

    private static ErrorResponseException badTurn() {
        return PerplexityErrorWriter.error(
                400,
                CallAction.BAD_REQUEST,
                "After the (optional) system message(s), user or tool message(s) should alternate with assistant"
                        + " message(s).",
                "invalid_message",
                null);
    }

    private static Set<String> fields() {
        Set<String> fields = new HashSet<>(Set.of(
                "model",
                "messages",
                "max_tokens",
                "temperature",
                "top_p",
                "stop",
                "stream",
                "stream_mode",
                "stream_options",
                "reasoning_effort",
                "response_format",
                "search_mode",
                "disable_search",
                "web_search_options",
                "language_preference",
                "return_images",
                "return_related_questions"));
        fields.addAll(PerplexitySearchValidator.FILTERS);
        return Set.copyOf(fields);
    }
}
