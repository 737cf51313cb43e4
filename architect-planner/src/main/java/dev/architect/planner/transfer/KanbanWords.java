package dev.architect.planner.transfer;

import dev.architect.project.board.Stage;
import dev.architect.project.item.ItemWeight;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What Vibe Kanban's own words mean here. */
final class KanbanWords {

    /** The fields of items that its files hold. */
    static final Set<String> HELD = Set.of("title", "body", "priority", "parent", "due", "assignees", "labels");

    private static final Map<String, Stage> STATUSES = Map.ofEntries(
            Map.entry("backlog", Stage.BACKLOG),
            Map.entry("to do", Stage.READY),
            Map.entry("todo", Stage.READY),
            Map.entry("in progress", Stage.ACTIVE),
            Map.entry("inprogress", Stage.ACTIVE),
            Map.entry("in review", Stage.REVIEW),
            Map.entry("inreview", Stage.REVIEW),
            Map.entry("done", Stage.DONE),
            Map.entry("cancelled", Stage.CANCELLED));
    private static final Map<String, Integer> PRIORITIES = Map.of("urgent", 0, "high", 2, "medium", 5, "low", 7);

    private KanbanWords() {}

    static Optional<Stage> stage(String status) {
        return Optional.ofNullable(STATUSES.get(status.strip().toLowerCase(Locale.ROOT)));
    }

    /** The priority of a word; that of items without one, with a finding, for words that are not known. */
    static int priority(SourceBuilder source, String place, String word) {
        if (word.isBlank()) {
            return ItemWeight.DEFAULT_PRIORITY;
        }
        Optional<Integer> known = source.options()
                .priority(word)
                .or(() -> Optional.ofNullable(PRIORITIES.get(word.strip().toLowerCase(Locale.ROOT))));
        if (known.isEmpty()) {
            source.find(place, "priority", "'" + word + "' is not known: the item has none");
        }
        return known.orElse(ItemWeight.DEFAULT_PRIORITY);
    }
}
