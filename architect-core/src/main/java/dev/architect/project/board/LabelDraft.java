package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.ProjectDraft;

/**
 * What people may change of a label.
 *
 * @param name 1 to 60 characters, unique in its project without case
 * @param colour a colour as {@code #rrggbb}
 * @param description at most 500 characters
 */
public record LabelDraft(String name, String colour, String description) {

    /** The colour of labels that name none. */
    public static final String DEFAULT_COLOUR = "#6e7781";

    private static final int MAX_NAME_CHARACTERS = 60;
    private static final int MAX_DESCRIPTION_CHARACTERS = 500;

    /** Checks every field. */
    public LabelDraft {
        Check.atMost("name", Check.notBlank("name", name), MAX_NAME_CHARACTERS);
        ProjectDraft.checkColour("colour", colour);
        Check.atMost("description", description, MAX_DESCRIPTION_CHARACTERS);
    }

    /** Returns a grey label without a description. */
    public static LabelDraft of(String name) {
        return new LabelDraft(name, DEFAULT_COLOUR, "");
    }
}
