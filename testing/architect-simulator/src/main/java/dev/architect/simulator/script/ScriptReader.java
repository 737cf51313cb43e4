package dev.architect.simulator.script;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.json.SimulatorJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads scripts, and partial scripts that change a running simulator.
 *
 * <p>Every field that is present replaces one of the script that it is applied to. Messages name the field by its path,
 * the value and what was expected.
 */
final class ScriptReader {

    private ScriptReader() {}

    static SimulatorScript load(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(file.toString(), null, "the script file does not exist");
        }
        try {
            return apply(
                    tree(text),
                    SimulatorScript.standard(),
                    file.toAbsolutePath().getParent());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    static SimulatorScript patch(String json, SimulatorScript base) {
        JsonNode patch = tree(json);
        if (patch.has("answers")) {
            throw new IllegalArgumentException("answers is set, expected only in a script file");
        }
        return apply(patch, base, null);
    }

    static JsonNode tree(String text) {
        try {
            return SimulatorJson.STRICT.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + " is not valid JSON: " + e.getOriginalMessage());
        }
    }

    /** Applies a partial script; {@code folder} is the base of the path to recorded answers, null when the script may not name any. */
    static SimulatorScript apply(JsonNode tree, SimulatorScript base, @Nullable Path folder) {
        ScriptFields root = new ScriptFields("", tree).allowOnly("seed", "answers", "providers");
        long seed = root.integer("seed", base.seed());
        Map<String, ProviderScript> providers = new LinkedHashMap<>(base.providers());
        ScriptFields given = root.object("providers").allowOnly(SimulatorScript.PROVIDERS.toArray(String[]::new));
        for (String name : given.names()) {
            providers.put(name, provider(given.object(name), base.provider(name)));
        }
        String answers = root.text("answers", null);
        return new SimulatorScript(
                seed, providers, answers == null || folder == null ? base.answers() : answers(folder.resolve(answers)));
    }

    /** How an enum value is written in a script. */
    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    private static RecordedAnswers answers(Path file) {
        try {
            return RecordedAnswers.load(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("answers is " + file + ", expected a file that can be read");
        }
    }

    private static ProviderScript provider(ScriptFields fields, ProviderScript base) {
        fields.allowOnly(
                "apiKey",
                "latency",
                "perTokenMillis",
                "tokensPerChunk",
                "errors",
                "outage",
                "cacheHitShare",
                "requestsPerMinute",
                "models");
        return fields.checked(() -> new ProviderScript(
                fields.text("apiKey", base.apiKey()),
                fields.has("latency") ? latency(fields) : base.latency(),
                fields.millis("perTokenMillis", base.perToken()),
                Math.toIntExact(fields.integer("tokensPerChunk", base.tokensPerChunk())),
                fields.has("errors") ? errors(fields.list("errors")) : base.errors(),
                fields.choice("outage", Outage.class, base.outage()),
                fields.decimal("cacheHitShare", base.cacheHitShare()),
                fields.integer("requestsPerMinute", base.requestsPerMinute()),
                fields.has("models") ? models(fields.object("models")) : base.models()));
    }

    private static Latency latency(ScriptFields provider) {
        if (provider.isNumber("latency")) {
            Supplier<Latency> fixed = () -> Latency.fixed(provider.millis("latency", Duration.ZERO));
            return provider.checked(fixed);
        }
        ScriptFields fields = provider.object("latency").allowOnly("medianMillis", "sigma", "capMillis");
        Duration median = fields.millis("medianMillis", Duration.ZERO);
        double sigma = fields.decimal("sigma", 0);
        Duration cap = fields.millis("capMillis", sigma == 0 ? median : median.multipliedBy(20));
        return fields.checked(() -> new Latency(median, sigma, cap));
    }

    private static List<ErrorRate> errors(List<ScriptFields> list) {
        List<ErrorRate> errors = new ArrayList<>();
        for (ScriptFields fields : list) {
            fields.allowOnly("status", "share", "retryAfterSeconds", "midStream");
            Duration retryAfter = fields.has("retryAfterSeconds")
                    ? Duration.ofNanos((long) (fields.decimal("retryAfterSeconds", 0) * 1e9))
                    : null;
            int status = Math.toIntExact(fields.integer("status", 0));
            errors.add(fields.checked(() ->
                    new ErrorRate(status, fields.decimal("share", 0), retryAfter, fields.bool("midStream", false))));
        }
        return errors;
    }

    private static Map<String, SimulatedModel> models(ScriptFields fields) {
        Map<String, SimulatedModel> models = new LinkedHashMap<>();
        for (String id : fields.names()) {
            models.put(id, model(fields.object(id)));
        }
        return models;
    }

    private static SimulatedModel model(ScriptFields fields) {
        fields.allowOnly(
                "strength",
                "inputPicoUsd",
                "cacheReadPicoUsd",
                "cacheWritePicoUsd",
                "outputPicoUsd",
                "requestPicoUsd",
                "searchPicoUsd",
                "contextTokens",
                "reasoningShare",
                "strictParameters",
                "servedModel",
                "servedProvider",
                "embeddingDimensions");
        ModelStrength strength = fields.choice("strength", ModelStrength.class, null);
        if (strength == null) {
            throw fields.invalidValue("strength", "cheap or strong");
        }
        return fields.checked(() -> new SimulatedModel(
                strength,
                new SimulatedPrices(
                        fields.integer("inputPicoUsd", 0),
                        fields.integer("cacheReadPicoUsd", 0),
                        fields.integer("cacheWritePicoUsd", 0),
                        fields.integer("outputPicoUsd", 0),
                        fields.integer("requestPicoUsd", 0),
                        fields.integer("searchPicoUsd", 0)),
                fields.integer("contextTokens", 1_000_000),
                fields.decimal("reasoningShare", 0),
                fields.bool("strictParameters", false),
                String.valueOf(fields.text("servedModel", "")),
                String.valueOf(fields.text("servedProvider", "")),
                Math.toIntExact(fields.integer("embeddingDimensions", 0))));
    }
}
