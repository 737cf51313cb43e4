package dev.architect.route;

import dev.architect.check.Check;
import java.util.List;

/**
 * The ordered candidates for one request, with the reason for each place. Immutable once chosen. It holds codes and numbers;
 * sentences are rendered when they are read, so that a route that is not shown costs no text.
 *
 * @param classification how complex the prompt is
 * @param candidates the models that may answer, first choice first; may be empty
 * @param exclusions the models that may not
 */
public record Route(Classification classification, List<Candidate> candidates, List<Exclusion> exclusions) {

    /** Copies the lists and checks every field. */
    public Route {
        Check.notNull("classification", classification);
        candidates = List.copyOf(Check.noNulls("candidates", candidates));
        exclusions = List.copyOf(Check.noNulls("exclusions", exclusions));
    }
}
