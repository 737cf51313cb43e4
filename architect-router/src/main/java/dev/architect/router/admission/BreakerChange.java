package dev.architect.router.admission;

import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;

/**
 * The circuit breaker of a model changed.
 *
 * @param model the model
 * @param state its state from now on
 */
public record BreakerChange(ModelId model, BreakerState state) {}
