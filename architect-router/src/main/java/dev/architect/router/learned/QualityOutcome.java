package dev.architect.router.learned;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How good the answers of several models to one prompt were.
 *
 * @param prompt the text
 * @param task what kind of prompt it is; empty when that is not known
 * @param qualities for each model, by its name, from 0 to 1
 */
public record QualityOutcome(String prompt, Optional<String> task, Map<String, Double> qualities) {

    /** Checks the qualities and copies the map. */
    public QualityOutcome {
        ModelChecks.notNull("prompt", prompt);
        ModelChecks.notNull("task", task);
        Map<String, Double> copy = new TreeMap<>();
        ModelChecks.notNull("qualities", qualities).forEach((model, quality) -> {
            if (ModelChecks.notNull("model", model).isBlank()) {
                throw new LearnedModelException("model", "blank", "a name");
            }
            double value = ModelChecks.notNull("quality of " + model, quality);
            // Also false for NaN.
            if (!(value >= 0 && value <= 1)) {
                throw new LearnedModelException("quality of " + model, Double.toString(value), "0 to 1");
            }
            copy.put(model, value);
        });
        if (copy.isEmpty()) {
            throw new LearnedModelException("qualities", "empty", "at least one model");
        }
        qualities = Collections.unmodifiableMap(copy);
    }
}
