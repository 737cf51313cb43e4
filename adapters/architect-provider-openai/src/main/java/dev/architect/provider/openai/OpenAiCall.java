package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ReasoningEffort;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A call that is being written, and what both wires write alike.
 *
 * @param http creates the failures of what cannot be written
 * @param call the call
 * @param options OpenAI's own options of the request, by name
 * @param family the family of the model
 * @param prefill how the service continues an answer
 */
record OpenAiCall(
        ProviderHttp http,
        ProviderCall call,
        Map<String, String> options,
        OpenAiModelFamily family,
        OpenAiPrefill prefill) {

    static final String REASONING_SUMMARY = "reasoning_summary";
    static final String VERBOSITY = "verbosity";

    private static final String SERVICE_TIER = "service_tier";
    private static final String CACHE_KEY = "prompt_cache_key";
    private static final String SAFETY_IDENTIFIER = "safety_identifier";

    private static final Map<String, Set<String>> KNOWN_VALUES = Map.of(
            SERVICE_TIER, Set.of("auto", "default", "flex", "scale", "priority", "fast"),
            VERBOSITY, Set.of("low", "medium", "high"),
            REASONING_SUMMARY, Set.of("auto", "concise", "detailed", "none"),
            CACHE_KEY, Set.of(),
            SAFETY_IDENTIFIER, Set.of());

    /** Reads the options and checks them. */
    static OpenAiCall of(ProviderHttp http, ProviderCall call, OpenAiPrefill prefill) {
        OpenAiCall written = new OpenAiCall(
                http,
                call,
                http.guard().options(call, KNOWN_VALUES.keySet()),
                OpenAiModelFamily.of(call.model()),
                prefill);
        if (written.family().kind() == OpenAiModelFamily.Kind.EMBEDDING) {
            throw written.unsupported("model makes vectors, expected one that answers");
        }
        written.options.forEach((name, value) -> {
            Set<String> values = KNOWN_VALUES.getOrDefault(name, Set.of());
            if (!values.isEmpty() && !values.contains(value)) {
                throw written.unsupported("option " + http.provider() + "." + name + " is '" + value
                        + "', expected one of " + new TreeSet<>(values));
            }
        });
        return written;
    }

    ChatRequest request() {
        return call.request();
    }

    /** A failure of kind {@code UNSUPPORTED}, before anything is sent. */
    ProviderException unsupported(String values) {
        return http.unsupported(call, values);
    }

    /** The JSON object that a field of the request holds as text. */
    JsonNode object(String field, String text) {
        return http.object(call, field, text);
    }

    /** OpenAI's name of the requested effort; empty when none is. */
    String effort() {
        ReasoningEffort effort = request().generation().effort().orElse(null);
        if (effort == null) {
            return "";
        }
        Set<ReasoningEffort> taken = family().efforts();
        if (!taken.contains(effort)) {
            throw unsupported("effort is " + effort + ", expected one of " + taken);
        }
        return OpenAiModelFamily.wireName(effort);
    }

    /** Writes the fields that have one name and one form in both wires. */
    void writeShared(ObjectNode body) {
        body.put("model", call.model());
        request().generation().temperature().ifPresent(value -> body.put("temperature", value));
        for (String name : new String[] {SERVICE_TIER, CACHE_KEY, SAFETY_IDENTIFIER}) {
            if (options.containsKey(name)) {
                body.put(name, options.get(name));
            }
        }
    }
}
