package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.CacheLifetime;
import dev.architect.chat.Part;
import dev.architect.provider.http.MediaUrlWriter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the content of messages for one of the two APIs, and sets cache breakpoints on it. A mark goes to the content that stands
 * before it, or as near before it as OpenAI takes one; tools carry none, the system text does.
 *
 * <p>OpenAI writes up to four marked prefixes of a request, and keeps them half an hour or twelve. Beside marks it would
 * write one more prefix of its own choice; a request with breakpoints switches that off, because writing costs.
 */
final class OpenAiContentWriter {

    // Which types OpenAI takes is general knowledge, not checked against the service.
    private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
    private static final Set<String> DOCUMENTS = Set.of("application/pdf");
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final String MARK = "prompt_cache_breakpoint";

    private final OpenAiCall call;
    private final OpenAiApi api;
    private final MediaUrlWriter images;
    private final MediaUrlWriter documents;
    private @Nullable ObjectNode last;
    private boolean marked;

    OpenAiContentWriter(OpenAiCall call, OpenAiApi api) {
        this.call = call;
        this.api = api;
        this.images = new MediaUrlWriter(call.http(), "image", IMAGES, SCHEMES);
        this.documents = new MediaUrlWriter(call.http(), "document", DOCUMENTS, SCHEMES);
    }

    /** Adds a text of the user or the system, or of a tool. */
    void addText(ArrayNode content, String text) {
        last = content.addObject().put("type", wireName("text")).put("text", text);
    }

    /** Adds text or media of the user. */
    void add(ArrayNode content, Part part) {
        if (part instanceof Part.Text text) {
            addText(content, text.text());
        } else if (part instanceof Part.Image image) {
            addImage(content, image);
        } else if (part instanceof Part.Document document) {
            addDocument(content, document);
        }
    }

    private void addImage(ArrayNode content, Part.Image image) {
        String url = images.url(call.call(), image.media());
        last = content.addObject().put("type", api == OpenAiApi.RESPONSES ? "input_image" : "image_url");
        if (api == OpenAiApi.RESPONSES) {
            last.put("image_url", url).put("detail", "auto");
        } else {
            last.putObject("image_url").put("url", url);
        }
    }

    /** Chat Completions takes no link to a document. */
    private void addDocument(ArrayNode content, Part.Document document) {
        String url = documents.url(call.call(), document.media());
        boolean isLink = !url.startsWith("data:");
        if (isLink && api == OpenAiApi.CHAT_COMPLETIONS) {
            throw call.unsupported("document is a link, expected its bytes, or the Responses API");
        }
        last = content.addObject().put("type", wireName("file"));
        if (isLink) {
            last.put("file_url", url);
        } else {
            ObjectNode file = api == OpenAiApi.RESPONSES ? last : last.putObject("file");
            file.put("filename", document.name()).put("file_data", url);
        }
    }

    /** Marks what was added last; without anything before it there is nothing to mark. */
    void mark(CacheLifetime lifetime) {
        if (last != null) {
            ObjectNode mark = last.putObject(MARK).put("mode", "explicit");
            if (lifetime == CacheLifetime.LONG) {
                mark.put("ttl", "12h");
            }
            marked = true;
        }
    }

    /** Writes what the whole request needs because of its cache breakpoints. */
    void writeCacheOptions(ObjectNode body) {
        if (marked) {
            body.putObject("prompt_cache_options").put("mode", "explicit");
        }
    }

    /** Writes the contents of {@code items} that are one plain text as that text. */
    static void simplify(ArrayNode items) {
        for (JsonNode item : items) {
            for (String field : new String[] {"content", "output"}) {
                JsonNode only = item.path(field).size() == 1 ? item.path(field).path(0) : item.path(field);
                if (only.size() == 2 && only.path("text").isTextual() && only.has("type")) {
                    ((ObjectNode) item).set(field, only.get("text"));
                }
            }
        }
    }

    private String wireName(String type) {
        return api == OpenAiApi.RESPONSES ? "input_" + type : type;
    }
}
