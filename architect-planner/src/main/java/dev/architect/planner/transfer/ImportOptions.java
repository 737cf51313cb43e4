package dev.architect.planner.transfer;

import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Stage;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What whoever imports a file decides. Immutable.
 *
 * @param into the project that it goes to; empty for one that is named after the source
 * @param prefix what keys begin with in a project that is made; empty for that of the source
 * @param only the title of the one project that is taken out of a file with several; empty for all
 * @param stages what statuses mean that the format leaves open, by their names without case
 * @param priorities what words or labels mean for the priority, 0 to 9, by their names without case
 * @param maxBytes the most bytes of the file, and of what is packed in it
 */
public record ImportOptions(
        Optional<ProjectId> into,
        Optional<String> prefix,
        Optional<String> only,
        Map<String, Stage> stages,
        Map<String, Integer> priorities,
        long maxBytes) {

    /** The most bytes of a file, and of what is packed in it. */
    public static final long MOST_BYTES = 200_000_000;

    /** Nothing is decided. */
    public static final ImportOptions NONE =
            new ImportOptions(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of(), MOST_BYTES);

    private static final int LEAST_URGENT = 9;

    /** Copies the maps and checks every field. */
    public ImportOptions {
        ArgumentCheck.notNull("into", into);
        ArgumentCheck.notNull("prefix", prefix).ifPresent(Project::checkPrefix);
        ArgumentCheck.notNull("only", only);
        stages = lower("stages", stages);
        priorities = lower("priorities", priorities);
        priorities.forEach((name, value) -> {
            if (value < 0 || value > LEAST_URGENT) {
                throw InvalidFieldException.value(
                        "priorities." + name, "priorities." + name + " is " + value + ", expected 0..9");
            }
        });
        if (maxBytes < 1 || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ", expected 1.." + MOST_BYTES);
        }
    }

    private static <T> Map<String, T> lower(String field, Map<String, T> map) {
        Map<String, T> lower = new TreeMap<>();
        ArgumentCheck.noNulls(field, map)
                .forEach((name, value) -> lower.put(name.strip().toLowerCase(Locale.ROOT), value));
        return Map.copyOf(lower);
    }

    /** Returns the stage that a status was decided to have. */
    Optional<Stage> stage(String status) {
        return Optional.ofNullable(stages.get(status.strip().toLowerCase(Locale.ROOT)));
    }

    /** Returns the priority that a word or label was decided to mean. */
    Optional<Integer> priority(String word) {
        return Optional.ofNullable(priorities.get(word.strip().toLowerCase(Locale.ROOT)));
    }

    /**
     * Reads the word of a stage.
     *
     * @throws InvalidFieldException when there is no such stage
     */
    public static Stage stage(String field, String word) {
        ArgumentCheck.notNull("field", field);
        ArgumentCheck.notNull("word", word);
        for (Stage stage : Stage.values()) {
            if (JsonFields.wordOf(stage).equals(word)) {
                return stage;
            }
        }
        throw InvalidFieldException.value(
                field,
                field + " is '" + JsonFields.shorten(word)
                        + "', expected backlog, ready, active, review, done or cancelled");
    }
}
