package dev.architect.simulator.script;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.json.SimulatorJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Answers of real models that were recorded earlier, by prompt and by the strength of the model.
 *
 * <p>Read from JSON Lines; fields that are not named here are ignored, and either answer may be missing:
 *
 * <pre>
 * {"prompt": "…", "answers": {"cheap": {"text": "…", "correct": true}, "strong": {"text": "…", "correct": false}}}
 * </pre>
 *
 * <p>Prompts are compared without leading and trailing blanks. Immutable and safe for use by several threads.
 */
public final class RecordedAnswers {

    private static final RecordedAnswers NONE = new RecordedAnswers(Map.of());

    private final Map<String, Map<ModelStrength, Recorded>> byPrompt;

    private record Recorded(String text, boolean correct) {}

    private RecordedAnswers(Map<String, Map<ModelStrength, Recorded>> byPrompt) {
        this.byPrompt = byPrompt;
    }

    /** No recorded answers. */
    public static RecordedAnswers none() {
        return NONE;
    }

    /**
     * Reads a JSON Lines file; empty lines are skipped.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException when a line is not as described; the message names the line and the field
     */
    public static RecordedAnswers load(Path file) throws IOException {
        Map<String, Map<ModelStrength, Recorded>> byPrompt = new HashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    read(line, file.getFileName() + " line " + number, byPrompt);
                }
            }
        }
        return new RecordedAnswers(byPrompt);
    }

    /** The number of prompts with a recorded answer. */
    public int size() {
        return byPrompt.size();
    }

    /** The recorded answer of a model of this strength to this prompt. */
    public Optional<String> text(String prompt, ModelStrength strength) {
        return find(prompt, strength).map(Recorded::text);
    }

    /** Whether the recorded answer of a model of this strength was correct; empty when none was recorded. */
    public Optional<Boolean> correct(String prompt, ModelStrength strength) {
        return find(prompt, strength).map(Recorded::correct);
    }

    /**
     * Whether exactly this text was recorded as a correct answer to this prompt.
     *
     * <p>False for an unknown prompt and for a text that was never recorded, such as a shortened one.
     */
    public boolean correctText(String prompt, String answerText) {
        return byPrompt.getOrDefault(prompt.strip(), Map.of()).values().stream()
                .anyMatch(recorded -> recorded.correct() && recorded.text().equals(answerText));
    }

    private Optional<Recorded> find(String prompt, ModelStrength strength) {
        return byPrompt.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                        byPrompt.getOrDefault(prompt.strip(), Map.of()).get(strength));
    }

    private static void read(String line, String place, Map<String, Map<ModelStrength, Recorded>> byPrompt) {
        JsonNode node;
        try {
            node = SimulatorJson.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(place + " is not valid JSON, expected one object per line");
        }
        String prompt = text(node.path("prompt"), place + ": prompt").strip();
        Map<ModelStrength, Recorded> answers = new EnumMap<>(ModelStrength.class);
        for (ModelStrength strength : ModelStrength.values()) {
            String name = "answers." + strength.name().toLowerCase(Locale.ROOT);
            JsonNode answer = node.path("answers").path(strength.name().toLowerCase(Locale.ROOT));
            if (answer.isMissingNode() || answer.isNull()) {
                continue;
            }
            JsonNode correct = answer.path("correct");
            if (!correct.isBoolean()) {
                throw new IllegalArgumentException(place + ": " + name + ".correct is "
                        + SimulatorJson.describe(correct) + ", expected true or false");
            }
            answers.put(
                    strength,
                    new Recorded(text(answer.path("text"), place + ": " + name + ".text"), correct.booleanValue()));
        }
        if (answers.isEmpty()) {
            throw new IllegalArgumentException(place + ": answers has neither cheap nor strong, expected at least one");
        }
        byPrompt.put(prompt, answers);
    }

    private static String text(JsonNode node, String field) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException(field + " is " + SimulatorJson.describe(node) + ", expected text");
        }
        return node.textValue();
    }
}
