package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ProviderCall;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Writes calls as {@code generateContent}, {@code streamGenerateContent} and {@code countTokens}. */
final class GeminiRequestWriter {

    private static final String SERVICE_TIER = "service_tier";
    private static final String CACHED_CONTENT = "cached_content";
    private static final Set<String> OPTIONS = Set.of(SERVICE_TIER, CACHED_CONTENT);
    private static final Set<String> TIERS = Set.of("standard", "flex", "priority");
    private static final Pattern CACHE = Pattern.compile("cachedContents/[A-Za-z0-9_-]+");

    private GeminiRequestWriter() {}

    static HttpRequest whole(ProviderCall call, ProviderHttp http) {
        return HttpRequest.post(path(call.model(), "generateContent"), body(call, http));
    }

    /** Without {@code alt=sse} the stream would be one JSON array. */
    static HttpRequest streamed(ProviderCall call, ProviderHttp http) {
        return HttpRequest.post(path(call.model(), "streamGenerateContent?alt=sse"), body(call, http));
    }

    /** The count covers tools and system text only in a request of its own inside the request. */
    static HttpRequest count(ProviderCall call, ProviderHttp http) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("generateContentRequest")
                .put("model", "models/" + call.model())
                .setAll(body(call, http));
        return HttpRequest.post(path(call.model(), "countTokens"), body);
    }

    static String path(String model, String method) {
        return "/v1beta/models/" + HttpRequest.segment(model) + ":" + method;
    }

    private static ObjectNode body(ProviderCall call, ProviderHttp http) {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("contents", GeminiContentWriter.of(call, http));
        request.system()
                .ifPresent(text -> body.putObject("systemInstruction")
                        .putArray("parts")
                        .addObject()
                        .put("text", text));
        GeminiToolWriter.write(call, body, http);
        body.set("generationConfig", config(call, http));
        options(call, body, http);
        return body;
    }

    private static ObjectNode config(ProviderCall call, ProviderHttp http) {
        ChatRequest request = call.request();
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        request.generation().maxOutputTokens().ifPresent(tokens -> config.put("maxOutputTokens", tokens));
        request.generation().temperature().ifPresent(value -> config.put("temperature", value));
        if (!request.generation().stopSequences().isEmpty()) {
            ArrayNode stops = config.putArray("stopSequences");
            request.generation().stopSequences().forEach(stops::add);
        }
        request.generation()
                .outputSchema()
                .ifPresent(output -> config.put("responseMimeType", "application/json")
                        .set("responseJsonSchema", http.object(call, "outputSchema", output.schema())));
        request.generation().effort().ifPresent(effort -> GeminiThinkingWriter.write(call, effort, config, http));
        return config;
    }

    private static void options(ProviderCall call, ObjectNode body, ProviderHttp http) {
        Map<String, String> options = http.guard().options(call, OPTIONS);
        String tier = options.get(SERVICE_TIER);
        if (tier != null) {
            if (!TIERS.contains(tier)) {
                throw http.unsupported(
                        call,
                        "option " + http.provider() + ".service_tier is '" + tier + "', expected one of "
                                + new TreeSet<>(TIERS));
            }
            body.put("serviceTier", tier);
        }
        String cache = options.get(CACHED_CONTENT);
        if (cache != null) {
            if (!CACHE.matcher(cache).matches()) {
                throw http.unsupported(
                        call, "option " + http.provider() + ".cached_content is no cache, expected cachedContents/id");
            }
            // The cache holds system text and tools already; given again they could contradict it.
            if (body.has("systemInstruction") || body.has("tools")) {
                throw http.unsupported(
                        call,
                        "option " + http.provider()
                                + ".cached_content is given with system text or tools, expected them in it");
            }
            body.put("cachedContent", cache);
        }
    }
}
