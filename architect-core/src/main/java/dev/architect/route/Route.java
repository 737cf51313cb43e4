package dev.architect.route;

import dev.architect.check.Check;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ordered candidates for one request, with the reason for each place. Immutable once chosen, and safe for use by several threads. It holds
 * codes and numbers; lists and sentences are made when they are first read, so that a route that is not shown costs next to nothing.
 */
public final class Route {

    private final Classification classification;
    // Written once, by whichever thread reads first: every one would write the same.
    private volatile @Nullable Lists lists;
    private volatile @Nullable Details details;

    /**
     * Creates a route.
     *
     * @param classification how complex the prompt is
     * @param candidates the models that may answer, first choice first; may be empty
     * @param exclusions the models that may not
     */
    public Route(Classification classification, List<Candidate> candidates, List<Exclusion> exclusions) {
        this(classification, candidates, exclusions, RouteBasis.NONE);
    }

    /**
     * Creates a route.
     *
     * @param classification how complex the prompt is
     * @param candidates the models that may answer, first choice first; may be empty
     * @param exclusions the models that may not
     * @param basis the rule and the experiment of the policy that decided
     */
    public Route(
            Classification classification, List<Candidate> candidates, List<Exclusion> exclusions, RouteBasis basis) {
        this.classification = Check.notNull("classification", classification);
        this.lists = new Lists(candidates, exclusions, basis);
    }

    private Route(Classification classification, Details details) {
        this.classification = Check.notNull("classification", classification);
        this.details = Check.notNull("details", details);
    }

    /** Returns a route whose lists are asked for when one of them is first read. */
    public static Route deferred(Classification classification, Details details) {
        return new Route(classification, details);
    }

    /** How complex the prompt is. */
    public Classification classification() {
        return classification;
    }

    /** The models that may answer, first choice first; may be empty. */
    public List<Candidate> candidates() {
        return lists().candidates;
    }

    /** The models that may not. */
    public List<Exclusion> exclusions() {
        return lists().exclusions;
    }

    /** The rule and the experiment of the policy that decided. */
    public RouteBasis basis() {
        return lists().basis;
    }

    /**
     * Renders the whole decision in English, several lines without text of the prompt: how complex the prompt is and why, what of the
     * policy decided, every candidate with the reason for its place, every other model with the reason why it is left out.
     */
    public String explanation() {
        StringBuilder text = new StringBuilder()
                .append("complexity: ")
                .append(classification.complexity().name().toLowerCase(Locale.ROOT))
                .append(", score ")
                .append(classification.score())
                .append(": ")
                .append(classification.explanation())
                .append("\npolicy: ")
                .append(basis().description());
        int place = 1;
        for (Candidate candidate : candidates()) {
            text.append('\n')
                    .append(place++)
                    .append(". ")
                    .append(candidate.model())
                    .append(": ")
                    .append(candidate.reason());
        }
        for (Exclusion exclusion : exclusions()) {
            text.append("\nx  ").append(exclusion.model()).append(' ').append(exclusion.reason());
        }
        return text.toString();
    }

    private Lists lists() {
        Lists known = lists;
        // Read before the lists are looked at again: it is removed only after they are there.
        Details source = details;
        if (known == null && source != null) {
            known = new Lists(source.candidates(), source.exclusions(), source.basis());
            lists = known;
            details = null;
        }
        return Objects.requireNonNull(known == null ? lists : known);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Route route
                && classification.equals(route.classification)
                && lists().equals(route.lists());
    }

    @Override
    public int hashCode() {
        return Objects.hash(classification, lists());
    }

    @Override
    public String toString() {
        return "Route[classification=" + classification + ", candidates=" + candidates() + ", exclusions="
                + exclusions() + ", basis=" + basis() + "]";
    }

    /** Makes the lists of a route; the same ones whenever it is asked. Safe for use by several threads. */
    public interface Details {

        /** The models that may answer, first choice first. */
        List<Candidate> candidates();

        /** The models that may not. */
        List<Exclusion> exclusions();

        /** The rule and the experiment of the policy that decided; neither by default. */
        default RouteBasis basis() {
            return RouteBasis.NONE;
        }
    }

    private record Lists(List<Candidate> candidates, List<Exclusion> exclusions, RouteBasis basis) {
        Lists {
            candidates = List.copyOf(Check.noNulls("candidates", candidates));
            exclusions = List.copyOf(Check.noNulls("exclusions", exclusions));
            Check.notNull("basis", basis);
        }
    }
}
