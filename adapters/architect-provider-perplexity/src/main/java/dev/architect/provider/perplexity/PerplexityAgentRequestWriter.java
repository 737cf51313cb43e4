package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.ReasoningEffort;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ProviderCall;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes calls of the Agent API, which refuses a body with any field it does not know. A preset is named beside the model that
 * shall run it: alone it may run another vendor's model, without notice and without a price that is known beforehand.
 */
final class PerplexityAgentRequestWriter {

    private static final String PRESET = "preset";
    private static final Pattern PRESET_NAME = Pattern.compile("[a-z0-9-]+(@[a-z0-9.-]+)?");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");
    private static final Set<String> OPTIONS = options();

    private final ProviderHttp http;
    private final PerplexityProvider.Builder settings;

    PerplexityAgentRequestWriter(ProviderHttp http, PerplexityProvider.Builder settings) {
        this.http = http;
        this.settings = settings;
    }

    HttpRequest whole(ProviderCall call) {
        return HttpRequest.post(settings.path(), body(call));
    }

    HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post(settings.path(), body(call).put("stream", true));
    }

    private ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        PerplexityOptions options = new PerplexityOptions(http, call, OPTIONS);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Optional<String> preset = options.matching(PRESET, PRESET_NAME, "a name such as low or fast@2026-10-16.0");
        preset.ifPresent(name -> body.put(settings.presetField, name));
        // A preset alone may run another vendor's model, which the host may not have allowed and no price is known for.
        if (preset.isEmpty() || !settings.presetsChooseModel) {
            body.put("model", call.model());
        }
        body.set("input", new PerplexityAgentInputWriter(http, call).items());
        request.system().ifPresent(text -> body.put("instructions", text));
        new PerplexityAgentToolWriter(http, call, options).write(body);
        // The Agent API answers 400 to Anthropic's models without a limit.
        if (request.generation().maxOutputTokens().isPresent()
                || PerplexityModelCapabilities.needsLimit(call.model())) {
            body.put("max_output_tokens", request.generation().maxOutputTokens().orElse(settings.maxOutputTokens));
        }
        request.generation().temperature().ifPresent(value -> body.put("temperature", value));
        request.generation()
                .effort()
                .ifPresent(effort -> body.putObject("reasoning").put("effort", effort(call, effort)));
        request.generation()
                .outputSchema()
                .ifPresent(schema -> body.set("response_format", responseFormat(http, call, schema)));
        options.number("max_steps", 1, 10).ifPresent(count -> body.put("max_steps", count));
        options.number("max_tool_calls", 0, 1000).ifPresent(count -> body.put("max_tool_calls", count));
        language(options).ifPresent(code -> body.put("language_preference", code));
        options.text("previous_response").ifPresent(id -> body.put("previous_response_id", id));
        if (options.has("store")) {
            body.put("store", options.flag("store"));
        }
        return body;
    }

    /** Both wire formats request structured output in the same way. */
    static ObjectNode responseFormat(ProviderHttp http, ProviderCall call, OutputSchema schema) {
        ObjectNode format = JsonNodeFactory.instance.objectNode().put("type", "json_schema");
        format.putObject("json_schema")
                .put("name", schema.name())
                .put("strict", true)
                .set("schema", http.object(call, "schema of outputSchema " + schema.name(), schema.schema()));
        return format;
    }

    static Optional<String> language(PerplexityOptions options) {
        return options.matching("language", LANGUAGE, "two small letters (ISO 639-1)");
    }

    private String effort(ProviderCall call, ReasoningEffort effort) {
        return switch (effort) {
            case MINIMAL -> "minimal";
            case LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case VERY_HIGH -> "xhigh";
            case NONE, MAX ->
                throw http.unsupported(
                        call, "effort is " + effort + ", expected MINIMAL, LOW, MEDIUM, HIGH or VERY_HIGH");
        };
    }

    private static Set<String> options() {
        Set<String> names =
                new HashSet<>(Set.of(PRESET, "max_steps", "max_tool_calls", "language", "previous_response", "store"));
        names.addAll(PerplexitySearchWriter.OPTIONS);
        names.addAll(PerplexityAgentToolWriter.OPTIONS);
        return Set.copyOf(names);
    }
}
