package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code contents} of the Gemini API in order: roles, parts, that each function call follows the user and is answered
 * at once, and that the calls of the current turn come back with their signatures.
 */
final class GeminiRequestContentReader {

    private static final StrictFields FIELDS = GeminiErrorWriter.FIELDS;
    private static final Set<String> ROLES = Set.of("user", "model", "function");

    private final GeminiRequestPartReader parts;
    private final boolean signed;
    private final JsonNode contents;
    private final int currentTurn;
    private List<JsonNode> pendingCalls = new ArrayList<>();
    private String previousRole = "";
    private final StringBuilder turnText = new StringBuilder();

    /**
     * Starts before the first content.
     *
     * @param signed whether calls of the current turn must be signed
     */
    GeminiRequestContentReader(GeminiRequestPartReader parts, boolean signed, JsonNode contents) {
        this.parts = parts;
        this.signed = signed;
        this.contents = contents;
        this.currentTurn = currentTurn(contents);
    }

    void read(Prompt prompt) throws ErrorResponseException {
        if (!contents.isArray() || contents.isEmpty()) {
            throw GeminiErrorWriter.MESSAGES.missingField("contents");
        }
        for (int i = 0; i < contents.size(); i++) {
            content(contents.get(i), i, prompt);
        }
        if (!pendingCalls.isEmpty()) {
            throw wrongResultCount();
        }
    }

    /** The index of the last user content that is not only function responses: there the current turn begins. */
    private static int currentTurn(JsonNode contents) {
        for (int i = contents.size() - 1; i >= 0; i--) {
            JsonNode content = contents.path(i);
            if (!content.path("role").asText("user").equals("model")) {
                for (JsonNode part : content.path("parts")) {
                    if (!part.has("functionResponse")) {
                        return i;
                    }
                }
            }
        }
        return -1;
    }

    private void content(JsonNode content, int index, Prompt prompt) throws ErrorResponseException {
        String path = "contents[" + index + "]";
        FIELDS.allowOnly(content, path, Set.of("role", "parts"));
        String role = FIELDS.optionalText(content, path, "role");
        if (role.isEmpty() ? contents.size() > 1 : !ROLES.contains(role)) {
            throw GeminiErrorWriter.invalid("Please use a valid role: user, model.");
        }
        if (content.path("parts").isEmpty()) {
            throw GeminiErrorWriter.field(path + ".parts", "contents.parts must not be empty.");
        }
        boolean model = role.equals("model");
        if (!model || !previousRole.equals("model")) {
            turnText.setLength(0);
        }
        prompt.begin(model ? "model" : "user");
        FIELDS.forEachItem(content, path, "parts", (part, at) -> parts.read(part, at, turnText, prompt));
        List<JsonNode> calls = partsWith(content, "functionCall");
        List<JsonNode> results = partsWith(content, "functionResponse");
        checkResults(results);
        recordCalls(calls, model, index);
        if (signed && index > currentTurn && !calls.isEmpty()) {
            checkSigned(content, index);
        }
        previousRole = model ? "model" : "user";
    }

    private void checkResults(List<JsonNode> results) throws ErrorResponseException {
        if (results.isEmpty() && pendingCalls.isEmpty()) {
            return;
        }
        if (pendingCalls.isEmpty()) {
            throw GeminiErrorWriter.invalid(
                    "Please ensure that function response turn comes immediately after a function call turn.");
        }
        if (results.size() != pendingCalls.size()) {
            throw wrongResultCount();
        }
        for (int i = 0; i < results.size(); i++) {
            JsonNode result = results.get(i);
            if (pendingCalls.stream().noneMatch(call -> isAnswer(call, result))) {
                throw GeminiErrorWriter.invalid("Please ensure that the function response `"
                        + result.path("name").asText() + "` matches a function call of the function call turn.");
            }
        }
        pendingCalls = new ArrayList<>();
    }

    private static boolean isAnswer(JsonNode call, JsonNode result) {
        boolean ids = call.hasNonNull("id") && result.hasNonNull("id");
        return call.path("name").equals(result.path("name"))
                && (!ids || call.path("id").equals(result.path("id")));
    }

    private void recordCalls(List<JsonNode> calls, boolean model, int index) throws ErrorResponseException {
        if (calls.isEmpty()) {
            return;
        }
        if (!model || index == 0) {
            throw GeminiErrorWriter.invalid(
                    "Please ensure that function call turn comes immediately after a user turn or"
                            + " after a function response turn.");
        }
        if (previousRole.equals("model")) {
            // Consecutive contents of the model are one turn, so their calls are answered together.
            pendingCalls.addAll(calls);
        } else {
            pendingCalls = new ArrayList<>(calls);
        }
    }

    private static void checkSigned(JsonNode content, int index) throws ErrorResponseException {
        for (JsonNode part : content.path("parts")) {
            if (part.has("functionCall")) {
                if (part.path("thoughtSignature").asText("").isEmpty()) {
                    throw GeminiThoughtSignatures.missing(
                            part.at("/functionCall/name").asText(), index + 1);
                }
                return;
            }
        }
    }

    private static List<JsonNode> partsWith(JsonNode content, String field) {
        List<JsonNode> found = new ArrayList<>();
        content.path("parts").forEach(part -> {
            if (part.has(field)) {
                found.add(part.path(field));
            }
        });
        return found;
    }

    private static ErrorResponseException wrongResultCount() {
        return GeminiErrorWriter.invalid(
                "Please ensure that the number of function response parts is equal to the number"
                        + " of function call parts of the function call turn.");
    }
}
