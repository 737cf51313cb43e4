package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.Project;
import dev.architect.project.item.Item;
import java.util.List;

/**
 * A board as one request shows it.
 *
 * @param project whose it is
 * @param lanes its columns in their order, each with its first cards
 * @param labels the labels of the project
 * @param fields its custom fields
 */
public record Board(Project project, List<BoardLane> lanes, List<Label> labels, List<CustomField> fields) {

    /**
     * A column with its first cards.
     *
     * @param column the column
     * @param count how many cards it has
     * @param cards the first ones, in their order, without bodies
     */
    public record BoardLane(BoardColumn column, long count, List<Item> cards) {

        /** Copies the list. */
        public BoardLane {
            Check.notNull("column", column);
            Check.notNegative("count", count);
            cards = List.copyOf(Check.noNulls("cards", cards));
        }
    }

    /** Copies the lists. */
    public Board {
        Check.notNull("project", project);
        lanes = List.copyOf(Check.noNulls("lanes", lanes));
        labels = List.copyOf(Check.noNulls("labels", labels));
        fields = List.copyOf(Check.noNulls("fields", fields));
    }
}
