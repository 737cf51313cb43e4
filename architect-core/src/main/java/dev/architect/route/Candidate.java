package dev.architect.route;

import dev.architect.model.ModelId;

/**
 * A model that may answer, at its place on the route.
 *
 * @param model the model
 * @param reason why it stands at this place, in plain words
 */
public record Candidate(ModelId model, String reason) {}
