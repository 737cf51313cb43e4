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

    private static final StrictFields STRICT = GeminiErrorWriter.STRICT;

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

    private static final Set<String> FIELDS = Set.of(
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

    private final List<String> callSigns = new ArrayList<>();
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

    /** @param said what the model has said in this turn so far, which grows with this part */
    void read(JsonNode part, String path, StringBuilder said, Prompt prompt) throws ErrorResponseException {
        STRICT.fields(part, path, FIELDS);
        String signature = STRICT.optionalText(part, path, "thoughtSignature");
        boolean thought = STRICT.flag(part, path, "thought", false);
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
            case "text" -> text(STRICT.text(part, path, "text"), signature, thought, path, said, prompt);
            case "inlineData" -> inline(part.get("inlineData"), path + ".inlineData", prompt);
            case "fileData" -> file(part.get("fileData"), path + ".fileData", prompt);
            case "functionCall" -> call(part.get("functionCall"), signature, path + ".functionCall", prompt);
            case "functionResponse" -> result(part.get("functionResponse"), path + ".functionResponse", prompt);
            case "" -> throw noData(path);
            default -> {
                // Parts of the service's own tools, which nothing here reads.
            }
        }
    }

    private static void text(
            String text, String signature, boolean thought, String path, StringBuilder said, Prompt prompt)
            throws ErrorResponseException {
        if (text.isEmpty() && signature.isEmpty()) {
            throw noData(path);
        }
        if (thought) {
            prompt.reasoning(text);
            return;
        }
        said.append(text);
        if (!signature.isEmpty() && !signature.equals(GeminiThoughtSignatures.ofText(said.toString()))) {
            throw GeminiThoughtSignatures.corrupted();
        }
        prompt.text(text);
    }

    private void inline(JsonNode blob, String path, Prompt prompt) throws ErrorResponseException {
        STRICT.fields(blob, path, Set.of("mimeType", "data", "displayName"));
        String type = STRICT.text(blob, path, "mimeType");
        checkType(type);
        String data = STRICT.text(blob, path, "data");
        try {
            if (Base64.getDecoder().decode(data.replace('-', '+').replace('_', '/')).length == 0) {
                throw GeminiErrorWriter.field(path + ".data", "data must not be empty.");
            }
        } catch (IllegalArgumentException e) {
            throw GeminiErrorWriter.STRICT_WORDS.wrong(path + ".data", "TYPE_BYTES");
        }
        seen(type, data, prompt);
    }

    private void file(JsonNode file, String path, Prompt prompt) throws ErrorResponseException {
        STRICT.fields(file, path, Set.of("mimeType", "fileUri", "displayName"));
        String uri = STRICT.text(file, path, "fileUri");
        if (!PLACES.matcher(uri).matches()) {
            throw GeminiErrorWriter.invalid("Invalid or unsupported file uri: " + uri);
        }
        String type = STRICT.optionalText(file, path, "mimeType");
        if (!type.isEmpty()) {
            checkType(type);
        }
        seen(type.isEmpty() && !uri.endsWith(".pdf") ? "image/png" : type, uri, prompt);
    }

    private void seen(String type, String data, Prompt prompt) {
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

    /** Some clients give the signature of the first of several calls to all of them. */
    private void call(JsonNode call, String signature, String path, Prompt prompt) throws ErrorResponseException {
        STRICT.fields(call, path, Set.of("id", "name", "args", "partialArgs", "willContinue"));
        STRICT.optionalText(call, path, "id");
        String name = STRICT.text(call, path, "name");
        JsonNode arguments = call.hasNonNull("args") ? call.get("args") : SimulatorJson.object();
        if (!arguments.isObject()) {
            throw GeminiErrorWriter.STRICT_WORDS.wrong(path + ".args", "object");
        }
        callSigns.add(GeminiThoughtSignatures.ofCall(name, arguments));
        if (!signature.isEmpty() && !GeminiThoughtSignatures.isForeign(signature) && !callSigns.contains(signature)) {
            throw GeminiThoughtSignatures.corrupted();
        }
        prompt.call(name, SimulatorJson.text(arguments));
    }

    private static void result(JsonNode result, String path, Prompt prompt) throws ErrorResponseException {
        STRICT.fields(result, path, Set.of("id", "name", "response", "willContinue", "scheduling", "parts"));
        STRICT.optionalText(result, path, "id");
        if (STRICT.optionalText(result, path, "name").isEmpty()) {
            throw GeminiErrorWriter.field(path + ".name", "Name cannot be empty.");
        }
        JsonNode response = STRICT.required(result, path, "response");
        if (!response.isObject()) {
            throw GeminiErrorWriter.STRICT_WORDS.wrong(path + ".response", "object");
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
