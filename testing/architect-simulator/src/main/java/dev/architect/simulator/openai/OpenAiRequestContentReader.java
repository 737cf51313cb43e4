package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads the content of messages: a text, or parts, with the part types of one of the two APIs. */
final class OpenAiRequestContentReader {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final String CACHE_BREAKPOINT = "prompt_cache_breakpoint";
    private static final Map<String, Prompt.CacheLifetime> LIFETIMES =
            Map.of("30m", Prompt.CacheLifetime.SHORT, "12h", Prompt.CacheLifetime.LONG);
    private static final Pattern IMAGE = Pattern.compile("data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*");
    private static final Pattern FILE = Pattern.compile("data:application/pdf;base64,[A-Za-z0-9+/]+=*");

    private final OpenAiParsedRequest request;
    private final Prompt prompt;

    OpenAiRequestContentReader(OpenAiParsedRequest request, Prompt prompt) {
        this.request = request;
        this.prompt = prompt;
    }

    /** Reads the content of a message; the types are those that its role may use. */
    void read(JsonNode message, String path, Set<String> types) throws ErrorResponseException {
        read(message, path, "content", types, prompt::text);
    }

    /** Reads a tool result. */
    void readResult(JsonNode message, String path, String field, Set<String> types) throws ErrorResponseException {
        read(message, path, field, types, prompt::result);
    }

    private void read(JsonNode message, String path, String field, Set<String> types, Consumer<String> texts)
            throws ErrorResponseException {
        JsonNode content = FIELDS.required(message, path, field);
        if (content.isTextual()) {
            texts.accept(content.textValue());
        } else if (content.isArray()) {
            FIELDS.forEachItem(message, path, field, (part, place) -> part(part, place, types, texts));
        } else {
            throw new OpenAiErrorWriter().invalidValue(StrictFields.fieldPath(path, field), "string");
        }
    }

    private void part(JsonNode part, String path, Set<String> types, Consumer<String> texts)
            throws ErrorResponseException {
        String type = FIELDS.oneOf(part, path, "type", types);
        switch (type) {
            case "image_url" -> {
                FIELDS.allowOnly(part, path, Set.of("type", "image_url", CACHE_BREAKPOINT));
                JsonNode image = FIELDS.required(part, path, "image_url");
                FIELDS.allowOnly(image, path + ".image_url", Set.of("url", "detail"));
                image(FIELDS.text(image, path + ".image_url", "url"), path + ".image_url.url");
            }
            case "input_image" -> {
                FIELDS.allowOnly(part, path, Set.of("type", "image_url", "file_id", "detail", CACHE_BREAKPOINT));
                image(FIELDS.text(part, path, "image_url"), path + ".image_url");
            }
            case "file" -> {
                FIELDS.allowOnly(part, path, Set.of("type", "file", CACHE_BREAKPOINT));
                JsonNode file = FIELDS.required(part, path, "file");
                FIELDS.allowOnly(file, path + ".file", Set.of("filename", "file_data", "file_id"));
                file(file, path + ".file");
            }
            case "input_file" -> {
                FIELDS.allowOnly(
                        part,
                        path,
                        Set.of("type", "filename", "file_data", "file_id", "file_url", "detail", CACHE_BREAKPOINT));
                if (part.hasNonNull("file_url")) {
                    prompt.media(FIELDS.text(part, path, "file_url"));
                } else {
                    file(part, path);
                }
            }
            case "refusal" -> {
                FIELDS.allowOnly(part, path, Set.of("type", "refusal"));
                texts.accept(FIELDS.text(part, path, "refusal"));
            }
            case "output_text" -> {
                FIELDS.allowOnly(part, path, Set.of("type", "text", "annotations", "logprobs"));
                texts.accept(FIELDS.text(part, path, "text"));
            }
            default -> {
                FIELDS.allowOnly(part, path, Set.of("type", "text", CACHE_BREAKPOINT));
                texts.accept(FIELDS.text(part, path, "text"));
            }
        }
        cacheBreakpoint(part, path);
    }

    private void image(String url, String path) throws ErrorResponseException {
        if (!IMAGE.matcher(url).matches() && !url.startsWith("https://") && !url.startsWith("http://")) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid '" + path + "'. Expected a valid URL or a base64-encoded data URL of one of the supported"
                            + " image formats: png, jpeg, gif, webp.",
                    path,
                    "invalid_image_url");
        }
        prompt.media(url);
    }

    private void file(JsonNode file, String path) throws ErrorResponseException {
        FIELDS.text(file, path, "filename");
        String data = FIELDS.text(file, path, "file_data");
        if (!FILE.matcher(data).matches()) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid file data: '" + path + ".file_data'. Expected a base64-encoded data URL with an"
                            + " application/pdf MIME type.",
                    path + ".file_data",
                    "invalid_value");
        }
        prompt.media(data);
    }

    private void cacheBreakpoint(JsonNode part, String path) throws ErrorResponseException {
        if (!part.hasNonNull(CACHE_BREAKPOINT)) {
            return;
        }
        String place = StrictFields.fieldPath(path, CACHE_BREAKPOINT);
        if (!request.acceptsCacheBreakpoints()) {
            throw OpenAiErrorWriter.unsupported(place);
        }
        JsonNode breakpoint = part.get(CACHE_BREAKPOINT);
        FIELDS.allowOnly(breakpoint, place, Set.of("mode", "ttl"));
        FIELDS.oneOf(breakpoint, place, "mode", Set.of("explicit"));
        String ttl = breakpoint.hasNonNull("ttl") ? FIELDS.oneOf(breakpoint, place, "ttl", LIFETIMES.keySet()) : "30m";
        prompt.cacheBreakpoint(LIFETIMES.getOrDefault(ttl, Prompt.CacheLifetime.SHORT));
    }
}
