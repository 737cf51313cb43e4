package dev.architect.project.transfer;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import dev.architect.project.item.ItemDraft;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An item as another program's file holds it.
 *
 * @param place where in the file it stands
 * @param id its id there, 1 to 200 characters
 * @param number the number of its key there; empty when it has none
 * @param draft its fields, without labels, parent and milestone
 * @param refers its column, parent, milestone and labels, by their names in the file
 * @param times when and by whom things were done
 * @param comments what was said about it, oldest first
 * @param files its files
 * @param data what else the file says about it, as a JSON object; empty for nothing
 */
public record SourceItem(
        String place,
        String id,
        OptionalLong number,
        ItemDraft draft,
        References refers,
        Times times,
        List<SourceComment> comments,
        List<SourceFile> files,
        Optional<String> data) {

    private static final int MAX_ID_CHARACTERS = 200;

    /**
     * What it refers to, by names in the file.
     *
     * @param column the title of its column
     * @param parent the id of its parent
     * @param milestone the title of its milestone
     * @param labels the names of its labels
     */
    public record References(String column, Optional<String> parent, Optional<String> milestone, List<String> labels) {

        /** Copies the list and checks every field. */
        public References {
            Check.notBlank("column", column);
            Check.notNull("parent", parent);
            Check.notNull("milestone", milestone);
            labels = List.copyOf(Check.noNulls("labels", labels));
        }
    }

    /**
     * When and by whom things were done; empty where the file does not say so.
     *
     * @param createdAt when it was made
     * @param createdBy who made it
     * @param updatedAt when it was last changed
     * @param startedAt when work on it began
     * @param doneAt when it ended
     */
    public record Times(
            Optional<Instant> createdAt,
            Optional<Actor> createdBy,
            Optional<Instant> updatedAt,
            Optional<Instant> startedAt,
            Optional<Instant> doneAt) {

        /** Nothing is known. */
        public static final Times UNKNOWN =
                new Times(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** Checks every field. */
        public Times {
            Check.notNull("createdAt", createdAt);
            Check.notNull("createdBy", createdBy);
            Check.notNull("updatedAt", updatedAt);
            Check.notNull("startedAt", startedAt);
            Check.notNull("doneAt", doneAt);
        }
    }

    /** Copies the lists and checks every field. */
    public SourceItem {
        Check.notNull("place", place);
        Check.atMost("id", Check.notBlank("id", id), MAX_ID_CHARACTERS);
        Check.notNull("number", number);
        Check.notNull("draft", draft);
        Check.notNull("refers", refers);
        Check.notNull("times", times);
        comments = List.copyOf(Check.noNulls("comments", comments));
        files = List.copyOf(Check.noNulls("files", files));
        Check.notNull("data", data);
    }
}
