package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a workspace of AnythingLLM is asked.
 *
 * <p>A workspace whose slug begins with {@code empty} has no documents. Every thread whose slug is of small letters, digits and
 * hyphens is there. A workspace whose model reasons shows its thoughts, for the server knows no way to ask for less.
 */
final class AnythingLlmReader {

    private static final Strict STRICT = AnythingLlmFields.STRICT;
    private static final ChatFormat CHAT = new AnythingLlmFormat();
    private static final EmbeddingFormat VECTORS = new AnythingLlmFormat();

    private static final List<String> MODES = List.of("automatic", "chat", "query");
    private static final Set<String> IN_WORKSPACE = Set.of("message", "mode", "sessionId", "attachments", "reset");
    private static final Set<String> IN_THREAD = Set.of("message", "mode", "userId", "attachments", "reset");
    private static final Pattern THREAD = Pattern.compile("[a-z0-9-]+");
    private static final Pattern DATA = Pattern.compile("data:[a-z]+/[a-z0-9.+-]+;base64,(.+)", Pattern.DOTALL);
    private static final int DIMENSIONS = 384;

    private final ProviderScript script;

    AnythingLlmReader(ProviderScript script) {
        this.script = script;
    }

    /** Reads a chat with a workspace. */
    Wanted chat(ObjectNode body, String slug, boolean stream) throws Refusal {
        SimulatedModel model = script.models().get(slug);
        if (model == null) {
            throw AnythingLlmFields.abort(
                    400, CallAction.UNKNOWN_MODEL, "Workspace " + slug + " is not a valid workspace.");
        }
        STRICT.fields(body, "", IN_WORKSPACE);
        STRICT.optionalText(body, "", "sessionId");
        return chat(body, slug, model, stream);
    }

    /** Reads a chat with a thread of a workspace. */
    Wanted chat(ObjectNode body, String slug, String thread, boolean stream) throws Refusal {
        SimulatedModel model = script.models().get(slug);
        if (model == null || !THREAD.matcher(thread).matches()) {
            throw AnythingLlmFields.abort(
                    400, CallAction.UNKNOWN_MODEL, "Workspace " + slug + " or thread " + thread + " is not valid.");
        }
        STRICT.fields(body, "", IN_THREAD);
        return chat(body, slug, model, stream);
    }

    private static Wanted chat(ObjectNode body, String slug, SimulatedModel model, boolean stream) throws Refusal {
        boolean reset = STRICT.flag(body, "", "reset", false);
        String message = STRICT.optionalText(body, "", "message");
        String mode = STRICT.optionalText(body, "", "mode");
        if (message.isEmpty()) {
            if (reset) {
                return spoken("Chat history was reset!", stream);
            }
            throw AnythingLlmFields.bad("Message is empty");
        }
        if (!mode.isEmpty() && !MODES.contains(mode)) {
            throw AnythingLlmFields.bad(mode + " is not a valid mode.");
        }
        Prompt prompt = new Prompt().add("user", message);
        STRICT.each(body, "", "attachments", (attachment, path) -> attachment(attachment, path, prompt));
        if (mode.equals("query") && slug.startsWith("empty")) {
            return spoken("There is no relevant information in this workspace to answer your query.", stream);
        }
        return new Wanted.Chat(CHAT, slug, model, prompt, Long.MAX_VALUE, stream, true, 0)
                .withEffort(model.reasoningShare() > 0 ? "medium" : "");
    }

    private static void attachment(JsonNode attachment, String path, Prompt prompt) throws Refusal {
        STRICT.fields(attachment, path, Set.of("name", "mime", "contentString"));
        String name = STRICT.text(attachment, path, "name");
        String mime = STRICT.text(attachment, path, "mime");
        Matcher data = DATA.matcher(STRICT.text(attachment, path, "contentString"));
        if (!data.matches() || !isBase64(data.group(1))) {
            throw AnythingLlmFields.bad(path + ".contentString is not a valid data URI.");
        }
        boolean isDocument = mime.equals("application/anythingllm-document");
        if (isDocument ? !name.matches(".+\\.[A-Za-z0-9]+") : !mime.startsWith("image/")) {
            throw AnythingLlmFields.bad(path + " is not a valid " + (isDocument ? "document name." : "image."));
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

    /** What the workspace says itself, without a model, so that nothing is counted; in a stream it is one event. */
    private static Wanted spoken(String text, boolean stream) {
        ObjectNode said =
                Json.object().put("id", "00000000-0000-4000-8000-000000000007").put("type", "textResponse");
        said.set("sources", Json.array());
        said.put("close", true).putNull("error").put("textResponse", text);
        said.set("metrics", Json.object());
        return stream
                ? new Wanted.Document(Json.event("", said, "", "\n"), "text/event-stream")
                : Wanted.Document.of(said);
    }

    /** Reads texts to turn into vectors by the server's one embedder. */
    Wanted embed(ObjectNode body) throws Refusal {
        STRICT.fields(body, "", Set.of("input", "model"));
        List<String> texts = new ArrayList<>();
        STRICT.each(body, "", "input", (text, path) -> {
            if (!text.isTextual()) {
                throw AnythingLlmFields.bad(path + " is not a valid string.");
            }
            texts.add(text.textValue());
        });
        if (texts.isEmpty()) {
            throw AnythingLlmFields.bad("input is empty");
        }
        SimulatedModel embedder = SimulatedModel.embedding(SimulatedPrices.free(), DIMENSIONS);
        return new Wanted.Embedding(VECTORS, "all-MiniLM-L6-v2", embedder, texts, DIMENSIONS);
    }
}
