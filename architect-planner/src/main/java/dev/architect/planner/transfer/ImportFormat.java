package dev.architect.planner.transfer;

import dev.architect.json.JsonFields;
import dev.architect.planner.check.ArgumentCheck;
import java.util.Arrays;
import java.util.List;

/** The formats that can be imported. */
public enum ImportFormat {
    /** Vibe Kanban: the zip of its export, its rows as JSON, or its local SQLite file. */
    VIBE_KANBAN,
    /** task-master: {@code tasks.json}, with tags or without. */
    TASK_MASTER,
    /** GitHub: issues as its REST interface or {@code gh issue list --json} gives them. */
    GITHUB,
    /** The archive of this program. */
    ARCHITECT;

    /**
     * Reads a word such as {@code vibe-kanban}.
     *
     * @throws IllegalArgumentException when there is no such format
     */
    public static ImportFormat parse(String word) {
        ArgumentCheck.notNull("word", word);
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "format is '" + JsonFields.shorten(word) + "', expected one of " + words()));
    }

    /** The words of all formats. */
    public static List<String> words() {
        return Arrays.stream(values()).map(ImportFormat::word).toList();
    }

    /** Its name in lower case with dashes. */
    public String word() {
        return JsonFields.wordOf(this);
    }
}
