package dev.architect.project;

import dev.architect.check.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What people may change of a project. Immutable.
 *
 * @param title 1 to 200 characters
 * @param description Markdown, at most 20,000 characters
 * @param lead who answers for it
 * @param repositories at most 20
 * @param colour a colour as {@code #rrggbb}
 * @param isReviewed whether items whose tasks are done wait in review; else they are done
 * @param defaultLabels the names of labels that items get which are made without any, at most 20, each once
 */
public record ProjectDraft(
        String title,
        String description,
        Optional<Actor> lead,
        List<Repository> repositories,
        Optional<String> colour,
        boolean isReviewed,
        List<String> defaultLabels) {

    private static final int MAX_TITLE_CHARACTERS = 200;
    private static final int MAX_DESCRIPTION_CHARACTERS = 20_000;
    private static final int MAX_REPOSITORIES = 20;
    private static final int MAX_LABELS = 20;
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{6}");

    /** Copies the list and checks every field. */
    public ProjectDraft {
        Check.atMost("title", Check.notBlank("title", title), MAX_TITLE_CHARACTERS);
        Check.atMost("description", description, MAX_DESCRIPTION_CHARACTERS);
        Check.notNull("lead", lead);
        repositories = List.copyOf(Check.noNulls("repositories", repositories));
        Check.range("repositories size", repositories.size(), 0, MAX_REPOSITORIES);
        Check.notNull("colour", colour).ifPresent(each -> checkColour("colour", each));
        defaultLabels = List.copyOf(Check.noNulls("defaultLabels", defaultLabels));
        Check.range("defaultLabels size", defaultLabels.size(), 0, MAX_LABELS);
        if (new HashSet<>(defaultLabels).size() < defaultLabels.size()) {
            throw new IllegalArgumentException("defaultLabels are " + defaultLabels + ", expected each once");
        }
    }

    /** Returns a project of which only the title is known. */
    public static ProjectDraft of(String title) {
        return new ProjectDraft(title, "", Optional.empty(), List.of(), Optional.empty(), true, List.of());
    }

    /** Returns a copy with another title. */
    public ProjectDraft withTitle(String changed) {
        return new ProjectDraft(changed, description, lead, repositories, colour, isReviewed, defaultLabels);
    }

    /** Returns a copy with other default labels. */
    public ProjectDraft withDefaultLabels(List<String> changed) {
        return new ProjectDraft(title, description, lead, repositories, colour, isReviewed, changed);
    }

    /**
     * Checks a colour, and returns it.
     *
     * @throws IllegalArgumentException when it has another form
     */
    public static String checkColour(String field, String colour) {
        if (!COLOUR.matcher(Check.notNull(Check.notNull("field", field), colour))
                .matches()) {
            throw new IllegalArgumentException(field + " is '" + colour + "', expected one as #1f6feb");
        }
        return colour;
    }
}
