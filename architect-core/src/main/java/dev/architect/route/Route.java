package dev.architect.route;

import java.util.List;

/**
 * The ordered candidates for one request, with the reason for each place. Immutable once chosen.
 *
 * @param classification how complex the prompt is
 * @param candidates who may answer, first choice first; may be empty
 * @param exclusions who may not
 */
public record Route(Classification classification, List<Candidate> candidates, List<Exclusion> exclusions) {

    /** Copies the lists. */
    public Route {
        candidates = List.copyOf(candidates);
        exclusions = List.copyOf(exclusions);
    }
}
