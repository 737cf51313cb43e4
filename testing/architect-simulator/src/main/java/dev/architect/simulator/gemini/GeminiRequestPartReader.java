package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the parts of the Gemini API into a prompt. */
final class GeminiRequestPartReader {

    private static final StrictFields FIELDS = GeminiErrorWriter.FIELDS;

    private static final Pattern TYPES = Pattern.compile(
            "image/(png|jpeg|webp|heic|heif)|application/pdf|text/[a-z-]+|audio/[a-z0-9-]+|video/[a-z0-9-]+");
    private static final Pattern PLACES = Pattern.compile("(https?|gs)://.+|files/.+");

    private static final Set<String> DATA = Set.of(
            "text",
            "inlineData",
            "fileData",
            "functionCall",
            "functionResponse",
            "executableCode",
            "codeExecutionResult",
            "toolCall",
            "toolResponse");

    private static final Set<String> ALLOWED_FIELDS = Set.of(
            "text",
            "inlineData",
            "fileData",
            "functionCall",
            "functionResponse",
            "executableCode",
            "codeExecutionResult",
            "toolCall",
            "toolResponse",
            "thought",
            "thoughtSignature",
            "videoMetadata",
            "mediaResolution",
            "partMetadata");

    private final List<String> callSignatures = new ArrayList<>();
    private long images;
    private long documents;

    /** How many images there were. */
    long images() {
        return images;
    }

    /** How many other files there were. */
    long documents() {
        return documents;
    }

    /** @param turnText the model's text in this turn so far; the text of this part is appended */
    void read(JsonNode part, String path, StringBuilder turnText, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(part, path, ALLOWED_FIELDS);
        String signature = FIELDS.optionalText(part, path, "thoughtSignature");
        boolean thought = FIELDS.bool(part, path, "thought", false);
        String data = "";
        for (String field : DATA) {
            if (part.hasNonNull(field)) {
                if (!data.isEmpty()) {
                    throw GeminiErrorWriter.invalid("Invalid value at '" + path
                            + "' (oneof), oneof field 'data' is already set. Cannot set '" + field + "'");
                }
                data = field;
            }
        }
        switch (data) {
            case "text" -> text(FIELDS.text(part, path, "text"), signature, thought, path, turnText, prompt);
            case "inlineData" -> inline(part.get("inlineData"), path + ".inlineData", prompt);
            case "fileData" -> file(part.get("fileData"), path + ".fileData", prompt);
            case "functionCall" -> call(part.get("functionCall"), signature, path + ".functionCall", prompt);
            case "functionResponse" -> result(part.get("functionResponse"), path + ".functionResponse", prompt);
            case "" -> throw noData(path);
            default -> {
                // Parts of built-in tools, which add nothing to a simulated prompt.
            }
        }
    }

    private static void text(
            String text, String signature, boolean thought, String path, StringBuilder turnText, Prompt prompt)
            throws ErrorResponseException {
        if (text.isEmpty() && signature.isEmpty()) {
            throw noData(path);
        }
        if (thought) {
            prompt.reasoning(text);
            return;
        }
        turnText.append(text);
        if (!signature.isEmpty() && !signature.equals(GeminiThoughtSignatures.ofText(turnText.toString()))) {
            throw GeminiThoughtSignatures.corrupted();
        }
        prompt.text(text);
    }

    private void inline(JsonNode blob, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(blob, path, Set.of("mimeType", "data", "displayName"));
        String type = FIELDS.text(blob, path, "mimeType");
        checkType(type);
        String data = FIELDS.text(blob, path, "data");
        try {
            if (Base64.getDecoder().decode(data.replace('-', '+').replace('_', '/')).length == 0) {
                throw GeminiErrorWriter.field(path + ".data", "data must not be empty.");
            }
        } catch (IllegalArgumentException e) {
            throw GeminiErrorWriter.MESSAGES.invalidValue(path + ".data", "TYPE_BYTES");
        }
        addMedia(type, data, prompt);
    }

    private void file(JsonNode file, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(file, path, Set.of("mimeType", "fileUri", "displayName"));
        String uri = FIELDS.text(file, path, "fileUri");
        if (!PLACES.matcher(uri).matches()) {
            throw GeminiErrorWriter.invalid("Invalid or unsupported file uri: " + uri);
        }
        String type = FIELDS.optionalText(file, path, "mimeType");
        if (!type.isEmpty()) {
            checkType(type);
        }
        addMedia(type.isEmpty() && !uri.endsWith(".pdf") ? "image/png" : type, uri, prompt);
    }

    private void addMedia(String type, String data, Prompt prompt) {
        if (type.startsWith("image/")) {
            images++;
        } else {
            documents++;
        }
        prompt.media(data);
    }

    private static void checkType(String type) throws ErrorResponseException {
        if (!TYPES.matcher(type).matches()) {
            throw GeminiErrorWriter.invalid("Unsupported MIME type: " + type);
        }
    }

    /** Accepts the signature of any earlier call, because some clients copy the first signature to all calls of a turn. */
    private void call(JsonNode call, String signature, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(call, path, Set.of("id", "name", "args", "partialArgs", "willContinue"));
        FIELDS.optionalText(call, path, "id");
        String name = FIELDS.text(call, path, "name");
        JsonNode arguments = call.hasNonNull("args") ? call.get("args") : SimulatorJson.object();
        if (!arguments.isObject()) {
            throw GeminiErrorWriter.MESSAGES.invalidValue(path + ".args", "object");
        }
        callSignatures.add(GeminiThoughtSignatures.ofCall(name, arguments));
        if (!signature.isEmpty()
                && !GeminiThoughtSignatures.isForeign(signature)
                && !callSignatures.contains(signature)) {
            throw GeminiThoughtSignatures.corrupted();
        }
        prompt.call(name, SimulatorJson.text(arguments));
    }

    private static void result(JsonNode result, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(result, path, Set.of("id", "name", "response", "willContinue", "scheduling", "parts"));
        FIELDS.optionalText(result, path, "id");
        if (FIELDS.optionalText(result, path, "name").isEmpty()) {
            throw GeminiErrorWriter.field(path + ".name", "Name cannot be empty.");
        }
        JsonNode response = FIELDS.required(result, path, "response");
        if (!response.isObject()) {
            throw GeminiErrorWriter.MESSAGES.invalidValue(path + ".response", "object");
        }
        for (String field : new String[] {"output", "error", "result"}) {
            if (response.path(field).isTextual()) {
                prompt.result(response.path(field).textValue());
                return;
            }
        }
        prompt.result(SimulatorJson.text(response));
    }

    private static ErrorResponseException noData(String path) {
        return GeminiErrorWriter.field(path + ".data", "required oneof field 'data' must have one initialized field");
    }
}
