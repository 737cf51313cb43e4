package dev.architect.simulator.script;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The behaviour of the provider simulator, as one immutable value.
 *
 * <p>A script file is a JSON object. Each field is optional and replaces that field of {@link #standard()}; only
 * {@code models} and {@code errors} are replaced as a whole. An unknown field is an error.
 *
 * <pre>
 * {"seed": 7,
 *  "answers": "answers.jsonl",                 recorded answers, relative to the script file
 *  "providers": {
 *    "claude": {
 *      "apiKey": "sim-key",                    null accepts every request
 *      "latency": {"medianMillis": 400, "sigma": 0.5, "capMillis": 5000},    or a number: fixed milliseconds
 *      "perTokenMillis": 4,                    may have a fraction
 *      "tokensPerChunk": 4,
 *      "errors": [{"status": 429, "share": 0.02, "retryAfterSeconds": 1, "midStream": false}],
 *      "outage": "refuse",                     refuse, http503, silent, cut; null for none
 *      "cacheHitShare": 0.25,
 *      "requestsPerMinute": 600,               0 for no limit
 *      "models": {
 *        "claude-sonnet-4-6": {
 *          "strength": "strong",               required: cheap or strong
 *          "inputPicoUsd": 3000000, "cacheReadPicoUsd": 300000, "cacheWritePicoUsd": 3750000,
 *          "outputPicoUsd": 15000000, "requestPicoUsd": 0, "searchPicoUsd": 0,
 *          "contextTokens": 1000000, "reasoningShare": 0, "strictParameters": false,
 *          "servedModel": "", "servedProvider": ""}}}}}
 * </pre>
 *
 * @param seed what every random choice depends on
 * @param providers the behaviour of each provider; exactly the names in {@link #PROVIDERS}
 * @param answers recorded answers, preferred to generated ones
 */
public record SimulatorScript(long seed, Map<String, ProviderScript> providers, RecordedAnswers answers) {

    /** The names of the providers. */
    public static final List<String> PROVIDERS =
            List.of("claude", "openai", "gemini", "ollama", "anythingllm", "perplexity");

    /** Checks the values. */
    public SimulatorScript {
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        if (!providers.keySet().equals(Collections.unmodifiableSet(new HashSet<>(PROVIDERS)))) {
            throw new IllegalArgumentException(
                    "providers are " + providers.keySet() + ", expected all of " + PROVIDERS);
        }
    }

    /**
     * All six providers with the models and list prices that the documentation uses: no latency, no errors, any key.
     *
     * <p>The prices were read from the providers' pages on 2026-11-22.
     */
    public static SimulatorScript standard() {
        return StandardScript.VALUE;
    }

    /**
     * Reads a script file.
     *
     * @throws IOException when a file cannot be read
     * @throws IllegalArgumentException when a field is wrong; the message names it, its value and what was expected
     */
    public static SimulatorScript load(Path file) throws IOException {
        return ScriptReader.load(file);
    }

    /** The behaviour of one provider. */
    public ProviderScript provider(String name) {
        return Objects.requireNonNull(providers.get(checkProvider(name)), name);
    }

    /** The same script with one provider changed. */
    public SimulatorScript with(String provider, UnaryOperator<ProviderScript> change) {
        Map<String, ProviderScript> changed = new LinkedHashMap<>(providers);
        changed.put(provider, change.apply(provider(provider)));
        return new SimulatorScript(seed, changed, answers);
    }

    /** The same script with every provider changed. */
    public SimulatorScript withEach(UnaryOperator<ProviderScript> change) {
        Map<String, ProviderScript> changed = new LinkedHashMap<>(providers);
        changed.replaceAll((name, script) -> change.apply(script));
        return new SimulatorScript(seed, changed, answers);
    }

    /** The same script with another seed. */
    public SimulatorScript withSeed(long other) {
        return new SimulatorScript(other, providers, answers);
    }

    /** The same script with these recorded answers. */
    public SimulatorScript withAnswers(RecordedAnswers others) {
        return new SimulatorScript(seed, providers, others);
    }

    /**
     * Returns this script with a partial script applied.
     *
     * @param json a JSON object as in a script file, without recorded answers
     * @throws IllegalArgumentException when a field is wrong; the message names it, its value and what was expected
     */
    public SimulatorScript patched(String json) {
        return ScriptReader.patch(json, this);
    }

    /** Returns {@code name} when it is one of {@link #PROVIDERS}. */
    public static String checkProvider(String name) {
        if (!PROVIDERS.contains(name)) {
            throw new IllegalArgumentException("provider is " + name + ", expected one of " + PROVIDERS);
        }
        return name;
    }
}
