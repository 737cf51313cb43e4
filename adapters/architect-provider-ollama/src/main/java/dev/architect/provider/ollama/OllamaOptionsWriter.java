package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes what only Ollama knows: the options {@code ollama.…} of a request. */
final class OllamaOptionsWriter {

    private static final String TRUNCATE = "truncate";
    private static final String KEEP_ALIVE = "keep_alive";
    private static final Set<String> WHOLE = Set.of("num_ctx", "seed", "top_k");
    private static final Set<String> FRACTIONS = Set.of("top_p", "min_p", "repeat_penalty");
    private static final Set<String> KNOWN =
            Set.of(KEEP_ALIVE, TRUNCATE, "num_ctx", "seed", "top_k", "top_p", "min_p", "repeat_penalty");

    private static final Pattern SECONDS = Pattern.compile("-?\\d{1,9}");
    private static final Pattern DURATION = Pattern.compile("-?(\\d{1,9}(\\.\\d{1,9})?(ms|s|m|h))+");
    private static final Pattern FRACTION = Pattern.compile("\\d{1,6}(\\.\\d{1,9})?");

    private final ProviderHttp http;
    private final ProviderCall call;
    private final Map<String, String> requested;

    OllamaOptionsWriter(ProviderHttp http, ProviderCall call) {
        this.http = http;
        this.call = call;
        this.requested = http.guard().options(call, KNOWN);
    }

    /** Puts those that stand beside the messages. A prompt is never truncated unless the request allows it. */
    void writeTopLevel(ObjectNode body) {
        String keep = requested.get(KEEP_ALIVE);
        if (keep != null) {
            if (SECONDS.matcher(keep).matches()) {
                // As a number: Ollama parses a text as a duration, which needs a unit.
                body.put(KEEP_ALIVE, Long.parseLong(keep));
            } else if (DURATION.matcher(keep).matches()) {
                body.put(KEEP_ALIVE, keep);
            } else {
                throw unsupportedOption(KEEP_ALIVE, "a time such as 5m, 0 or -1");
            }
        }
        String truncate = requested.getOrDefault(TRUNCATE, "false");
        if (!truncate.equals("true") && !truncate.equals("false")) {
            throw unsupportedOption(TRUNCATE, "true or false");
        }
        body.put(TRUNCATE, truncate.equals("true"));
    }

    /** Puts those of the model. */
    void writeModelOptions(ObjectNode options) {
        requested.forEach((name, value) -> {
            if (WHOLE.contains(name)) {
                if (!SECONDS.matcher(value).matches() || (name.equals("num_ctx") && Long.parseLong(value) < 1)) {
                    throw unsupportedOption(name, name.equals("num_ctx") ? "1 or more" : "a whole number");
                }
                options.put(name, Long.parseLong(value));
            } else if (FRACTIONS.contains(name)) {
                if (!FRACTION.matcher(value).matches()) {
                    throw unsupportedOption(name, "a number of 0 or more");
                }
                options.put(name, new BigDecimal(value));
            }
        });
    }

    private RuntimeException unsupportedOption(String name, String expected) {
        return http.unsupported(
                call,
                "option " + http.provider() + "." + name + " is '" + requested.get(name) + "', expected " + expected);
    }
}
