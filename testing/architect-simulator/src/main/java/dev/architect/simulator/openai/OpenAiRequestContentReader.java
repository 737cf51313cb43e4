package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads the content of messages: a text, or parts, in the words of one of the two APIs. */
final class OpenAiRequestContentReader {

    private static final StrictFields STRICT = OpenAiErrorWriter.STRICT;
    private static final String MARK = "prompt_cache_breakpoint";
    private static final Map<String, Prompt.Lifetime> LIFETIMES =
            Map.of("30m", Prompt.Lifetime.SHORT, "12h", Prompt.Lifetime.LONG);
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

    /** Reads what a tool gave back. */
    void readResult(JsonNode message, String path, String field, Set<String> types) throws ErrorResponseException {
        read(message, path, field, types, prompt::result);
    }

    private void read(JsonNode message, String path, String field, Set<String> types, Consumer<String> texts)
            throws ErrorResponseException {
        JsonNode content = STRICT.required(message, path, field);
        if (content.isTextual()) {
            texts.accept(content.textValue());
        } else if (content.isArray()) {
            STRICT.each(message, path, field, (part, place) -> part(part, place, types, texts));
        } else {
            throw new OpenAiErrorWriter().wrong(StrictFields.at(path, field), "string");
        }
    }

    private void part(JsonNode part, String path, Set<String> types, Consumer<String> texts)
            throws ErrorResponseException {
        String type = STRICT.oneOf(part, path, "type", types);
        switch (type) {
            case "image_url" -> {
                STRICT.fields(part, path, Set.of("type", "image_url", MARK));
                JsonNode image = STRICT.required(part, path, "image_url");
                STRICT.fields(image, path + ".image_url", Set.of("url", "detail"));
                image(STRICT.text(image, path + ".image_url", "url"), path + ".image_url.url");
            }
            case "input_image" -> {
                STRICT.fields(part, path, Set.of("type", "image_url", "file_id", "detail", MARK));
                image(STRICT.text(part, path, "image_url"), path + ".image_url");
            }
            case "file" -> {
                STRICT.fields(part, path, Set.of("type", "file", MARK));
                JsonNode file = STRICT.required(part, path, "file");
                STRICT.fields(file, path + ".file", Set.of("filename", "file_data", "file_id"));
                file(file, path + ".file");
            }
            case "input_file" -> {
                STRICT.fields(
                        part, path, Set.of("type", "filename", "file_data", "file_id", "file_url", "detail", MARK));
                if (part.hasNonNull("file_url")) {
                    prompt.media(STRICT.text(part, path, "file_url"));
                } else {
                    file(part, path);
                }
            }
            case "refusal" -> {
                STRICT.fields(part, path, Set.of("type", "refusal"));
                texts.accept(STRICT.text(part, path, "refusal"));
            }
            case "output_text" -> {
                STRICT.fields(part, path, Set.of("type", "text", "annotations", "logprobs"));
                texts.accept(STRICT.text(part, path, "text"));
            }
            default -> {
                STRICT.fields(part, path, Set.of("type", "text", MARK));
                texts.accept(STRICT.text(part, path, "text"));
            }
        }
        mark(part, path);
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
        STRICT.text(file, path, "filename");
        String data = STRICT.text(file, path, "file_data");
        if (!FILE.matcher(data).matches()) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid file data: '" + path + ".file_data'. Expected a base64-encoded data URL with an"
                            + " application/pdf MIME type.",
                    path + ".file_data",
                    "invalid_value");
        }
        prompt.media(data);
    }

    private void mark(JsonNode part, String path) throws ErrorResponseException {
        if (!part.hasNonNull(MARK)) {
            return;
        }
        String place = StrictFields.at(path, MARK);
        if (!request.takesCacheMarks()) {
            throw OpenAiErrorWriter.unsupported(place);
        }
        JsonNode mark = part.get(MARK);
        STRICT.fields(mark, place, Set.of("mode", "ttl"));
        STRICT.oneOf(mark, place, "mode", Set.of("explicit"));
        String ttl = mark.hasNonNull("ttl") ? STRICT.oneOf(mark, place, "ttl", LIFETIMES.keySet()) : "30m";
        prompt.mark(LIFETIMES.getOrDefault(ttl, Prompt.Lifetime.SHORT));
    }
}
