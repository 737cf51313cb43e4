package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ProviderCall;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Writes calls of Sonar Chat. Roles alternate there: several messages of one role become one. */
final class PerplexitySonarRequestWriter {

    private static final Set<String> OPTIONS = options();

    private final ProviderHttp http;
    private final String path;

    PerplexitySonarRequestWriter(ProviderHttp http, String path) {
        this.http = http;
        this.path = path;
    }

    HttpRequest whole(ProviderCall call) {
        return HttpRequest.post(path, body(call));
    }

    HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post(path, body(call).put("stream", true));
    }

    private ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        PerplexityOptions options = new PerplexityOptions(http, call, OPTIONS);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", call.model());
        body.set("messages", messages(call));
        request.generation().maxOutputTokens().ifPresent(tokens -> body.put("max_tokens", tokens));
        request.generation().temperature().ifPresent(value -> body.put("temperature", value));
        if (!request.generation().stopSequences().isEmpty()) {
            request.generation().stopSequences().forEach(body.putArray("stop")::add);
        }
        request.generation().effort().ifPresent(effort -> body.put("reasoning_effort", effort(call, effort)));
        request.generation()
                .outputSchema()
                .ifPresent(schema ->
                        body.set("response_format", PerplexityAgentRequestWriter.responseFormat(http, call, schema)));
        body.setAll(PerplexitySearchWriter.filters(options));
        ObjectNode search = JsonNodeFactory.instance.objectNode();
        PerplexitySearchWriter.writeContext(options, search);
        options.oneOf("search_type", "fast", "pro", "auto").ifPresent(word -> search.put("search_type", word));
        if (!search.isEmpty()) {
            body.set("web_search_options", search);
        }
        options.oneOf("search_mode", "web", "academic", "sec").ifPresent(word -> body.put("search_mode", word));
        PerplexityAgentRequestWriter.language(options).ifPresent(code -> body.put("language_preference", code));
        if (options.has("disable_search")) {
            body.put("disable_search", options.flag("disable_search"));
        }
        return body;
    }

    private ArrayNode messages(ProviderCall call) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        call.request()
                .system()
                .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        Role speaker = Role.USER;
        for (Message message : call.request().messages()) {
            for (Part part : message.parts()) {
                Optional<ObjectNode> written = partOf(call, part);
                // Only what is written changes the speaker: a turn of which nothing is left must not break the
                // alternation.
                if (written.isPresent() && message.role() != speaker) {
                    flush(speaker, content, messages);
                    speaker = message.role();
                }
                written.ifPresent(content::add);
            }
        }
        flush(speaker, content, messages);
        return messages;
    }

    private Optional<ObjectNode> partOf(ProviderCall call, Part part) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (part instanceof Part.Text text && !text.text().isEmpty()) {
            return Optional.of(json.put("type", "text").put("text", text.text()));
        }
        if (part instanceof Part.Image image) {
            String url = PerplexityOptions.images(http).url(call, image.media());
            json.put("type", "image_url").putObject("image_url").put("url", url);
            return Optional.of(json);
        }
        return Optional.empty();
    }

    private static void flush(Role speaker, ArrayNode content, ArrayNode messages) {
        if (!content.isEmpty()) {
            messages.addObject()
                    .put("role", speaker == Role.USER ? "user" : "assistant")
                    .set("content", plain(content));
            content.removeAll();
        }
    }

    private static JsonNode plain(ArrayNode content) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.has("text")) {
                // A copy, because the caller empties its list after this.
                return content.deepCopy();
            }
            text.append(text.isEmpty() ? "" : "\n\n").append(part.path("text").asText());
        }
        return TextNode.valueOf(text.toString());
    }

    private String effort(ProviderCall call, ReasoningEffort effort) {
        return switch (effort) {
            case MINIMAL -> "minimal";
            case LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case NONE, VERY_HIGH, MAX ->
                throw http.unsupported(call, "effort is " + effort + ", expected MINIMAL, LOW, MEDIUM or HIGH");
        };
    }

    private static Set<String> options() {
        Set<String> names = new HashSet<>(Set.of("search_type", "search_mode", "disable_search", "language"));
        names.addAll(PerplexitySearchWriter.OPTIONS);
        return Set.copyOf(names);
    }
}
