package dev.architect.route;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * A model that its provider does not know, or does not serve any more, as a call showed. It gets no calls until
 * {@code nextCheck}; then one request may try it, and its answer shows whether the model is back. Kept in memory only: after a
 * restart the first call shows it again.
 *
 * @param model the provider's own id of the model
 * @param since when a call first showed it, in wall time
 * @param nextCheck from when on one request may try it again, in wall time
 */
public record GoneModel(String model, Instant since, Instant nextCheck) {

    /** Checks every field. */
    public GoneModel {
        Check.notBlank("model", model);
        Check.notNull("since", since);
        Check.notNull("nextCheck", nextCheck);
    }
}
