package dev.architect.chat;

import dev.architect.check.Check;
import java.util.List;
import java.util.Optional;

/**
 * How the answer of a request is generated. Immutable.
 *
 * @param maxOutputTokens the most tokens the answer may have, 1 or more; empty leaves it to the adapter's default
 * @param temperature sampling temperature, 0.0 to 2.0; empty leaves it to the model
 * @param stopSequences texts that end the answer, at most 4
 * @param effort how much reasoning precedes the answer; empty leaves it to the model
 * @param outputSchema the structure of the answer's text; empty for free text
 */
public record GenerationSettings(
        Optional<Integer> maxOutputTokens,
        Optional<Double> temperature,
        List<String> stopSequences,
        Optional<ReasoningEffort> effort,
        Optional<OutputSchema> outputSchema) {

    /** Everything is left to the model and its adapter. */
    public static final GenerationSettings DEFAULT =
            new GenerationSettings(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    private static final int MAX_STOP_SEQUENCES = 4;
    private static final double MAX_TEMPERATURE = 2.0;

    /** Copies the stop sequences and checks every field. */
    public GenerationSettings {
        Check.notNull("maxOutputTokens", maxOutputTokens)
                .ifPresent(tokens -> Check.range("maxOutputTokens", tokens, 1, Integer.MAX_VALUE));
        Check.notNull("temperature", temperature).ifPresent(GenerationSettings::checkTemperature);
        stopSequences = List.copyOf(Check.noNulls("stopSequences", stopSequences));
        Check.range("stopSequences size", stopSequences.size(), 0, MAX_STOP_SEQUENCES);
        if (stopSequences.contains("")) {
            throw new IllegalArgumentException("stop sequence is empty, expected 1 character or more");
        }
        Check.notNull("effort", effort);
        Check.notNull("outputSchema", outputSchema);
    }

    private static void checkTemperature(double temperature) {
        // Written so that NaN fails, too.
        if (!(temperature >= 0 && temperature <= MAX_TEMPERATURE)) {
            throw new IllegalArgumentException("temperature is " + temperature + ", expected 0.0..2.0");
        }
    }
}
