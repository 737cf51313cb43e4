package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the body of {@code POST /chat/completions} as strictly as the OpenAI API does. */
final class OpenAiChatRequestReader {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final int MAX_STOPS = 4;

    private static final Set<String> ALLOWED_FIELDS = Set.of(
            "messages",
            "model",
            "audio",
            "frequency_penalty",
            "function_call",
            "functions",
            "logit_bias",
            "logprobs",
            "max_completion_tokens",
            "max_tokens",
            "metadata",
            "modalities",
            "moderation",
            "n",
            "parallel_tool_calls",
            "prediction",
            "presence_penalty",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning_effort",
            "response_format",
            "safety_identifier",
            "seed",
            "service_tier",
            "stop",
            "store",
            "stream",
            "stream_options",
            "temperature",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "user",
            "verbosity",
            "web_search_options");

    private final OpenAiParsedRequest request;
    private final ObjectNode body;

    private OpenAiChatRequestReader(OpenAiParsedRequest request) {
        this.request = request;
        this.body = request.body();
    }

    static ParsedRequest.Chat read(ObjectNode body, ProviderScript script) throws ErrorResponseException {
        OpenAiParsedRequest request = OpenAiParsedRequest.of(body, "messages", script, 404);
        FIELDS.allowOnly(body, "", ALLOWED_FIELDS);
        return new OpenAiChatRequestReader(request).read();
    }

    private ParsedRequest.Chat read() throws ErrorResponseException {
        if (request.reasons()) {
            checkAbsent("max_tokens", "Use 'max_completion_tokens' instead.");
            checkAbsent("stop", "");
        }
        request.checkShared();
        OpenAiParsedRequest.checkVerbosity(body, "");
        boolean stream = FIELDS.bool(body, "", "stream", false);
        boolean usage = streamOptions(stream);
        Prompt prompt = new Prompt();
        ToolUse tools = new OpenAiRequestToolReader(body, false).read(prompt);
        String effort = OpenAiReasoningEffortValidator.read(
                request, "reasoning_effort", FIELDS.optionalText(body, "", "reasoning_effort"));
        if (!tools.offered().isEmpty()
                && OpenAiReasoningEffortValidator.toolsNeedNone(request)
                && !effort.equals(ParsedRequest.Chat.NO_EFFORT)) {
            throw OpenAiErrorWriter.invalid(
                    "Function tools with reasoning_effort are not supported for " + request.id()
                            + " in /v1/chat/completions. To use function tools, use /v1/responses or set"
                            + " reasoning_effort to 'none'.",
                    "reasoning_effort",
                    null);
        }
        new OpenAiChatRequestMessageReader(request, prompt).read();
        String limit = body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        return new ParsedRequest.Chat(
                        new OpenAiChatAnswerWriter(request.servedTier()),
                        request.id(),
                        request.model(),
                        prompt,
                        request.limit(limit, 1),
                        stream,
                        usage,
                        0)
                .withTools(tools)
                .withOutputSchema(
                        OpenAiRequestToolReader.schema(body.path("response_format"), "response_format", false))
                .withEffort(effort)
                .withStops(stops());
    }

    private void checkAbsent(String field, String advice) throws ErrorResponseException {
        if (body.hasNonNull(field)) {
            throw OpenAiErrorWriter.invalid(
                    ("Unsupported parameter: '" + field + "' is not supported with this model. " + advice).strip(),
                    field,
                    "unsupported_parameter");
        }
    }

    private boolean streamOptions(boolean stream) throws ErrorResponseException {
        if (!body.hasNonNull("stream_options")) {
            return false;
        }
        if (!stream) {
            throw OpenAiErrorWriter.invalid(
                    "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options", null);
        }
        JsonNode options = body.get("stream_options");
        FIELDS.allowOnly(options, "stream_options", Set.of("include_usage", "include_obfuscation"));
        return FIELDS.bool(options, "stream_options", "include_usage", false);
    }

    private List<String> stops() throws ErrorResponseException {
        JsonNode stop = body.path("stop");
        if (stop.isTextual()) {
            return List.of(stop.textValue());
        }
        List<String> stops = new ArrayList<>();
        FIELDS.forEachItem(body, "", "stop", (one, path) -> {
            if (!one.isTextual()) {
                throw new OpenAiErrorWriter().invalidValue(path, "string");
            }
            stops.add(one.textValue());
        });
        if (stops.size() > MAX_STOPS) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with"
                            + " length " + stops.size() + " instead.",
                    "stop",
                    "array_above_max_length");
        }
        return stops;
    }
}
