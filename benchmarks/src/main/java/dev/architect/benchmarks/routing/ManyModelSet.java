package dev.architect.benchmarks.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.QualityOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * Outcomes of several models on one set of questions: a file of JSON lines with {@code question} (or {@code prompt}), {@code task} and {@code
 * scores}, beside {@code models.json} with the prices.
 *
 * @param name the name of the folder
 * @param outcomes the rows, each with the models that all of them have
 * @param prices for each model the mean of its input and its output price
 */
record ManyModelSet(String name, List<QualityOutcome> outcomes, Map<String, Double> prices) {

    private static final String MODELS = "models.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the sets of a folder: one of each of its folders that has {@code models.json} and JSON lines. */
    static List<ManyModelSet> load(Path data) throws IOException {
        List<ManyModelSet> sets = new ArrayList<>();
        for (Path folder : OutcomeSet.list(data, Files::isDirectory)) {
            List<Path> files = OutcomeSet.list(
                    folder,
                    file -> isLines(file.toString())
                            && !String.valueOf(file.getFileName()).startsWith("contaminated"));
            if (!files.isEmpty() && Files.exists(folder.resolve(MODELS))) {
                sets.add(read(folder, files));
            }
        }
        return sets;
    }

    private static boolean isLines(String name) {
        return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz");
    }

    private static ManyModelSet read(Path folder, List<Path> files) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        Set<String> models = new TreeSet<>();
        for (Path file : files) {
            try (InputStream bytes = Files.newInputStream(file);
                    InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                    BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
                int number = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    number++;
                    if (!line.isBlank()) {
                        rows.add(parsed(file, number, line, rows.isEmpty(), models));
                    }
                }
            }
        }
        if (rows.isEmpty()) {
            throw new InvalidOptionException(folder + " has no outcomes, expected one in each line of " + files);
        }
        Map<String, Double> prices = prices(folder.resolve(MODELS), models);
        List<QualityOutcome> outcomes = new ArrayList<>();
        for (JsonNode row : rows) {
            Map<String, Double> qualities = new HashMap<>();
            models.forEach(
                    model -> qualities.put(model, row.path("scores").path(model).doubleValue()));
            try {
                outcomes.add(new QualityOutcome(
                        row.path("question").asText(row.path("prompt").asText()),
                        Optional.ofNullable(row.path("task").textValue()),
                        qualities));
            } catch (LearnedModelException wrong) {
                throw new InvalidOptionException(folder + ", row " + (outcomes.size() + 1) + ": " + wrong.getMessage());
            }
        }
        return new ManyModelSet(String.valueOf(folder.getFileName()), outcomes, prices);
    }

    /** A row; {@code models} keeps those that all rows so far have. */
    private static JsonNode parsed(Path file, int number, String line, boolean isFirst, Set<String> models) {
        JsonNode row;
        try {
            row = JSON.readTree(line);
        } catch (JsonProcessingException broken) {
            throw new InvalidOptionException(file + ", line " + number + " is no JSON, expected an object");
        }
        if (!row.path("scores").isObject()
                || !(row.path("question").isTextual() || row.path("prompt").isTextual())) {
            throw new InvalidOptionException(file + ", line " + number
                    + " has no question or no scores, expected a text and an object with a number for each model");
        }
        Set<String> named = new TreeSet<>();
        row.path("scores").properties().forEach(score -> {
            if (score.getValue().isNumber()) {
                named.add(score.getKey());
            }
        });
        if (isFirst) {
            models.addAll(named);
        } else {
            models.retainAll(named);
        }
        return row;
    }

    private static Map<String, Double> prices(Path file, Set<String> models) throws IOException {
        JsonNode all = JSON.readTree(file.toFile());
        Map<String, Double> prices = new LinkedHashMap<>();
        for (String model : models) {
            JsonNode in = all.path(model).path("input_price");
            JsonNode out = all.path(model).path("output_price");
            if (!in.isNumber() || !out.isNumber()) {
                throw new InvalidOptionException(
                        file + " has no prices of '" + model + "', expected input_price and output_price");
            }
            prices.put(model, (in.doubleValue() + out.doubleValue()) / 2);
        }
        return prices;
    }
}
