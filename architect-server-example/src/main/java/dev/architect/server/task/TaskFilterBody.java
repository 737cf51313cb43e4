package dev.architect.server.task;

import dev.architect.filter.Filter;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskFilterReader;
import dev.architect.project.ProjectId;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.FilterText;
import dev.architect.task.Priority;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is done to which tasks, as a body states it: with a filter, or with states, a type and a project. */
final class TaskFilterBody {

    static final String STATES = "states";
    static final String TYPE = "type";
    static final String PROJECT = "project";

    /** The text of a filter. */
    static final Schema TEXT = Schema.text(0, Filter.MAX_CHARACTERS);

    private TaskFilterBody() {}

    /** Returns an action with its level. */
    static TaskAction action(BodyFields fields, String action, String priority) {
        return action(fields, fields, action, priority);
    }

    /** Returns an action whose level stands among {@code arguments}. */
    static TaskAction action(BodyFields fields, BodyFields arguments, String action, String priority) {
        String word = fields.requiredText(action);
        TaskAction.Kind kind = EnumWords.parse(TaskAction.Kind.class, word)
                .orElseThrow(() -> fields.invalid(
                        action,
                        action + " is '" + BodyFields.shorten(word) + "', expected one of "
                                + EnumWords.list(TaskAction.Kind.class)));
        Optional<Priority> level =
                arguments.textOrInteger(priority).map(text -> TaskRequestReader.priority(arguments, text));
        return arguments.checked(priority, () -> new TaskAction(kind, level));
    }

    /** Returns the tasks that the fields {@code q}, {@code zone}, {@code states}, {@code type} and {@code project} name. */
    static TaskFilter read(BodyFields fields, TaskAction action, Instant now) {
        ZoneId zone = FilterText.zone(fields.text(FilterText.ZONE), ApiException.Place.BODY);
        if (fields.has(FilterText.Q)) {
            for (String other : List.of(TYPE, PROJECT)) {
                if (fields.has(other)) {
                    throw fields.invalid(other, other + " is given beside q, expected within it");
                }
            }
            Set<TaskState> states = fields.has(STATES) ? states(fields, action) : Set.of();
            return read(fields, FilterText.Q, states, action, zone, now);
        }
        TaskFilter filter = TaskFilter.of(states(fields, action));
        @Nullable String type = fields.text(TYPE).orElse(null);
        filter = type == null ? filter : fields.checked(TYPE, withType(filter, type));
        @Nullable String project = fields.text(PROJECT).orElse(null);
        return project == null
                ? filter
                : filter.withProject(fields.checked(PROJECT, () -> new ProjectId(BodyFields.shorten(project))));
    }

    private static Supplier<TaskFilter> withType(TaskFilter filter, String type) {
        return () -> filter.withType(type);
    }

    /**
     * Returns the tasks that a filter names.
     *
     * @param field the field with the text
     * @param states those beside the filter; empty for none
     */
    static TaskFilter read(
            BodyFields fields, String field, Set<TaskState> states, TaskAction action, ZoneId zone, Instant now) {
        TaskFilterReader reader = FilterText.read(
                field,
                ApiException.Place.BODY,
                () -> new TaskFilterReader(Filter.parse(fields.requiredText(field)), zone, now));
        if (!states.isEmpty() && !reader.states().isEmpty()) {
            throw fields.invalid(STATES, STATES + " are given beside 'state:' in " + field + ", expected one of them");
        }
        if (states.isEmpty() && reader.states().isEmpty() && action.kind() == TaskAction.Kind.REDRIVE) {
            // A cancelled task was ended on purpose.
            throw fields.invalid(
                    field, field + " names no state, expected such as state:dead to make ended tasks ready again");
        }
        TaskFilter filter = reader.filter(states.isEmpty() ? action.states() : states);
        return fields.checked(field, () -> checked(action, filter));
    }

    private static TaskFilter checked(TaskAction action, TaskFilter filter) {
        action.check(filter);
        return filter;
    }

    private static Set<TaskState> states(BodyFields fields, TaskAction action) {
        List<String> words = fields.texts(STATES);
        if (words.isEmpty()) {
            throw fields.invalid(STATES, STATES + " are missing, expected a list such as 'ready', 'scheduled'");
        }
        Set<TaskState> states = EnumSet.noneOf(TaskState.class);
        for (String word : words) {
            states.add(EnumWords.parse(TaskState.class, word)
                    .orElseThrow(() -> fields.invalid(
                            STATES, STATES + " have '" + BodyFields.shorten(word) + "', expected states of tasks")));
        }
        fields.checked(STATES, () -> checked(action, TaskFilter.of(states)));
        return states;
    }
}
