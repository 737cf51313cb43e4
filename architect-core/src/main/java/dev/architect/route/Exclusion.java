package dev.architect.route;

import dev.architect.model.ModelId;

/**
 * A model that may not answer.
 *
 * @param model the model
 * @param reason why not, in plain words
 */
public record Exclusion(ModelId model, String reason) {}
