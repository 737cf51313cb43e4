package dev.architect.simulator.anythingllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.EmbeddingAnswerWriter;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads requests to a workspace of AnythingLLM.
 *
 * <p>A workspace whose slug begins with {@code empty} has no documents. Every thread whose slug consists of lower-case letters, digits and
 * hyphens exists. A workspace whose model reasons includes its reasoning, because the server has no parameter for it.
 */
final class AnythingLlmRequestReader {

    private static final StrictFields FIELDS = AnythingLlmErrorWriter.FIELDS;
    private static final ChatAnswerWriter CHAT = new AnythingLlmAnswerWriter();
    private static final EmbeddingAnswerWriter VECTORS = new AnythingLlmAnswerWriter();

    private static final List<String> MODES = List.of("automatic", "chat", "query");
    private static final Set<String> IN_WORKSPACE = Set.of("message", "mode", "sessionId", "attachments", "reset");
    private static final Set<String> IN_THREAD = Set.of("message", "mode", "userId", "attachments", "reset");
    private static final Pattern THREAD = Pattern.compile("[a-z0-9-]+");
    private static final Pattern DATA = Pattern.compile("data:[a-z]+/[a-z0-9.+-]+;base64,(.+)", Pattern.DOTALL);
    private static final int DIMENSIONS = 384;

    private final ProviderScript script;

    AnythingLlmRequestReader(ProviderScript script) {
        this.script = script;
    }

    /** Reads a chat with a workspace. */
    ParsedRequest chat(ObjectNode body, String slug, boolean stream) throws ErrorResponseException {
        SimulatedModel model = script.models().get(slug);
        if (model == null) {
            throw AnythingLlmErrorWriter.abort(
                    400, CallAction.UNKNOWN_MODEL, "Workspace " + slug + " is not a valid workspace.");
        }
        FIELDS.allowOnly(body, "", IN_WORKSPACE);
        FIELDS.optionalText(body, "", "sessionId");
        return chat(body, slug, model, stream);
    }

    /** Reads a chat with a thread of a workspace. */
    ParsedRequest chat(ObjectNode body, String slug, String thread, boolean stream) throws ErrorResponseException {
        SimulatedModel model = script.models().get(slug);
        if (model == null || !THREAD.matcher(thread).matches()) {
            throw AnythingLlmErrorWriter.abort(
                    400, CallAction.UNKNOWN_MODEL, "Workspace " + slug + " or thread " + thread + " is not valid.");
        }
        FIELDS.allowOnly(body, "", IN_THREAD);
        return chat(body, slug, model, stream);
    }

    private static ParsedRequest chat(ObjectNode body, String slug, SimulatedModel model, boolean stream)
            throws ErrorResponseException {
        boolean reset = FIELDS.bool(body, "", "reset", false);
        String message = FIELDS.optionalText(body, "", "message");
        String mode = FIELDS.optionalText(body, "", "mode");
        if (message.isEmpty()) {
            if (reset) {
                return workspaceAnswer("Chat history was reset!", stream);
            }
            throw AnythingLlmErrorWriter.badRequest("Message is empty");
        }
        if (!mode.isEmpty() && !MODES.contains(mode)) {
            throw AnythingLlmErrorWriter.badRequest(mode + " is not a valid mode.");
        }
        Prompt prompt = new Prompt().add("user", message);
        FIELDS.forEachItem(body, "", "attachments", (attachment, path) -> attachment(attachment, path, prompt));
        if (mode.equals("query") && slug.startsWith("empty")) {
            return workspaceAnswer("There is no relevant information in this workspace to answer your query.", stream);
        }
        return new ParsedRequest.Chat(CHAT, slug, model, prompt, Long.MAX_VALUE, stream, true, 0)
                .withEffort(model.reasoningShare() > 0 ? "medium" : "");
    }

    private static void attachment(JsonNode attachment, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(attachment, path, Set.of("name", "mime", "contentString"));
        String name = FIELDS.text(attachment, path, "name");
        String mime = FIELDS.text(attachment, path, "mime");
        Matcher data = DATA.matcher(FIELDS.text(attachment, path, "contentString"));
        if (!data.matches() || !isBase64(data.group(1))) {
            throw AnythingLlmErrorWriter.badRequest(path + ".contentString is not a valid data URI.");
        }
        boolean isDocument = mime.equals("application/anythingllm-document");
        if (isDocument ? !name.matches(".+\\.[A-Za-z0-9]+") : !mime.startsWith("image/")) {
            throw AnythingLlmErrorWriter.badRequest(
                    path + " is not a valid " + (isDocument ? "document name." : "image."));
        }
        prompt.media(data.group(1));
    }

    private static boolean isBase64(String text) {
        try {
            return Base64.getDecoder().decode(text).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A fixed answer of the workspace without a model call, so that nothing is counted; in a stream it is one event. */
    private static ParsedRequest workspaceAnswer(String text, boolean stream) {
        ObjectNode answer = SimulatorJson.object()
                .put("id", "00000000-0000-4000-8000-000000000007")
                .put("type", "textResponse");
        answer.set("sources", SimulatorJson.array());
        answer.put("close", true).putNull("error").put("textResponse", text);
        answer.set("metrics", SimulatorJson.object());
        return stream
                ? new ParsedRequest.FixedAnswer(SimulatorJson.event("", answer, "", "\n"), "text/event-stream")
                : ParsedRequest.FixedAnswer.of(answer);
    }

    /** Reads texts to embed with the server's only embedding model. */
    ParsedRequest embed(ObjectNode body) throws ErrorResponseException {
        FIELDS.allowOnly(body, "", Set.of("input", "model"));
        List<String> texts = new ArrayList<>();
        FIELDS.forEachItem(body, "", "input", (text, path) -> {
            if (!text.isTextual()) {
                throw AnythingLlmErrorWriter.badRequest(path + " is not a valid string.");
            }
            texts.add(text.textValue());
        });
        if (texts.isEmpty()) {
            throw AnythingLlmErrorWriter.badRequest("input is empty");
        }
        SimulatedModel embedder = SimulatedModel.embedding(SimulatedPrices.free(), DIMENSIONS);
        return new ParsedRequest.Embedding(VECTORS, "all-MiniLM-L6-v2", embedder, texts, DIMENSIONS);
    }
}
