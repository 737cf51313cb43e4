package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /responses}, and of {@code /responses/input_tokens}, as strictly as the OpenAI API does. */
final class OpenAiResponsesRequestReader {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final int MIN_TOKENS = 16;
    private static final String ENCRYPTED = "reasoning.encrypted_content";

    private static final Set<String> COUNTED = Set.of(
            "conversation",
            "input",
            "instructions",
            "model",
            "parallel_tool_calls",
            "personality",
            "previous_response_id",
            "reasoning",
            "text",
            "tool_choice",
            "tools",
            "truncation");

    private static final Set<String> ANSWERED = Set.of(
            "background",
            "context_management",
            "include",
            "max_output_tokens",
            "max_tool_calls",
            "metadata",
            "moderation",
            "prompt",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "safety_identifier",
            "service_tier",
            "store",
            "stream",
            "stream_options",
            "temperature",
            "top_logprobs",
            "top_p",
            "user");

    private static final Set<String> INCLUDABLE = Set.of(
            "file_search_call.results",
            "web_search_call.results",
            "web_search_call.action.sources",
            "message.input_image.image_url",
            "computer_call_output.output.image_url",
            "code_interpreter_call.outputs",
            ENCRYPTED,
            "message.output_text.logprobs");

    private final OpenAiParsedRequest request;
    private final ObjectNode body;

    private OpenAiResponsesRequestReader(OpenAiParsedRequest request) {
        this.request = request;
        this.body = request.body();
    }

    static ParsedRequest.Chat readAnswerRequest(ObjectNode body, ProviderScript script) throws ErrorResponseException {
        OpenAiParsedRequest request = OpenAiParsedRequest.of(body, "input", script, 400);
        Set<String> fields = new HashSet<>(COUNTED);
        fields.addAll(ANSWERED);
        FIELDS.allowOnly(body, "", fields);
        return new OpenAiResponsesRequestReader(request).read();
    }

    static ParsedRequest.Chat readCountRequest(ObjectNode body, ProviderScript script) throws ErrorResponseException {
        OpenAiParsedRequest request = OpenAiParsedRequest.of(body, "input", script, 400);
        FIELDS.allowOnly(body, "", COUNTED);
        return new OpenAiResponsesRequestReader(request).read();
    }

    private ParsedRequest.Chat read() throws ErrorResponseException {
        request.checkShared();
        FIELDS.bool(body, "", "store", true);
        if (body.hasNonNull("previous_response_id")) {
            String id = FIELDS.text(body, "", "previous_response_id");
            throw OpenAiErrorWriter.invalid(
                    "Previous response with id '" + id + "' not found.",
                    "previous_response_id",
                    "previous_response_not_found");
        }
        boolean encrypted = include();
        String effort = effort();
        boolean summary = request.reasons()
                && body.path("reasoning").path("summary").isTextual()
                && !body.path("reasoning").path("summary").asText().isEmpty();
        Prompt prompt = new Prompt();
        ToolUse tools = new OpenAiRequestToolReader(body, true).read(prompt);
        String instructions = FIELDS.optionalText(body, "", "instructions");
        if (!instructions.isEmpty()) {
            prompt.add("system", instructions);
        }
        new OpenAiResponsesRequestInputReader(request, prompt).read();
        return new ParsedRequest.Chat(
                        new OpenAiResponsesAnswerWriter(body, request.servedTier(), encrypted, summary),
                        request.id(),
                        request.model(),
                        prompt,
                        request.limit("max_output_tokens", MIN_TOKENS),
                        FIELDS.bool(body, "", "stream", false),
                        true,
                        0)
                .withTools(tools)
                .withOutputSchema(schema())
                .withEffort(effort);
    }

    private boolean include() throws ErrorResponseException {
        Set<String> included = new HashSet<>();
        FIELDS.forEachItem(body, "", "include", (one, path) -> {
            if (!INCLUDABLE.contains(one.asText())) {
                throw new OpenAiErrorWriter()
                        .invalidValue(
                                path, "one of " + INCLUDABLE.stream().sorted().toList());
            }
            included.add(one.asText());
        });
        boolean encrypted = included.contains(ENCRYPTED);
        if (encrypted && !request.reasons()) {
            throw OpenAiErrorWriter.invalid("Encrypted content is not supported with this model.", "include", null);
        }
        return encrypted;
    }

    private String effort() throws ErrorResponseException {
        JsonNode reasoning = body.path("reasoning");
        if (reasoning.isMissingNode() || reasoning.isNull()) {
            return "";
        }
        FIELDS.allowOnly(reasoning, "reasoning", Set.of("effort", "summary", "generate_summary", "mode", "context"));
        if (reasoning.hasNonNull("summary")) {
            FIELDS.oneOf(reasoning, "reasoning", "summary", Set.of("auto", "concise", "detailed"));
            if (!request.reasons()) {
                throw OpenAiErrorWriter.unsupported("reasoning.summary");
            }
        }
        return OpenAiReasoningEffortValidator.read(
                request, "reasoning.effort", FIELDS.optionalText(reasoning, "reasoning", "effort"));
    }

    private @Nullable JsonNode schema() throws ErrorResponseException {
        JsonNode text = body.path("text");
        if (text.isMissingNode() || text.isNull()) {
            return null;
        }
        FIELDS.allowOnly(text, "text", Set.of("format", "verbosity"));
        OpenAiParsedRequest.checkVerbosity(text, "text");
        return OpenAiRequestToolReader.schema(text.path("format"), "text.format", true);
    }
}
