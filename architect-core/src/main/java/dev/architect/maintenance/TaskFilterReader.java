package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.filter.CheckedFilter;
import dev.architect.filter.Filter;
import dev.architect.filter.FilterField;
import dev.architect.filter.FilterFields;
import dev.architect.filter.InvalidFilterException;
import dev.architect.filter.NameFilter;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads filters of tasks: the fields that they may name, and which tasks they mean. Immutable. */
public final class TaskFilterReader {

    private static final String STATE = "state";
    private static final String TYPE = "type";
    private static final String QUEUE = "queue";
    private static final String TENANT = "tenant";
    private static final String PROJECT = "project";
    private static final String CREATED = "created";

    /** The fields of tasks. Those without an index are known, and refused. */
    public static final FilterFields FIELDS = FilterFields.of(
            FilterField.words(
                    STATE,
                    Arrays.stream(TaskState.values())
                            .map(TaskFilterReader::word)
                            .toList()),
            FilterField.of(TYPE, FilterField.Type.TEXT),
            FilterField.of(QUEUE, FilterField.Type.TEXT),
            FilterField.of(TENANT, FilterField.Type.TEXT),
            FilterField.of(PROJECT, FilterField.Type.SINGLE),
            FilterField.of(CREATED, FilterField.Type.TIME),
            FilterField.withoutIndex("attempt"),
            FilterField.withoutIndex("attribute"),
            FilterField.withoutIndex("cost"),
            FilterField.withoutIndex("due"),
            FilterField.withoutIndex("ended"),
            FilterField.withoutIndex("label"),
            FilterField.withoutIndex("priority"),
            FilterField.withoutIndex("team"),
            FilterField.withoutIndex("user"));

    private final Filter filter;
    private final CheckedFilter checked;
    private final Set<TaskState> states;
    private final Optional<ProjectId> project;

    /**
     * Reads a filter.
     *
     * @param zone the zone of days
     * @param now what times such as {@code -7d} are before
     * @throws InvalidFilterException when a field is unknown or has no index, when it cannot have a value, or when no state passes
     */
    public TaskFilterReader(Filter filter, ZoneId zone, Instant now) {
        this.filter = Check.notNull("filter", filter);
        this.checked = FIELDS.check(filter, zone, now);
        this.states = states(checked.names(STATE));
        this.project = checked.single(PROJECT).map(this::project);
    }

    private static String word(TaskState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private Set<TaskState> states(NameFilter names) {
        Set<TaskState> passing = EnumSet.noneOf(TaskState.class);
        for (TaskState state : TaskState.values()) {
            if (names.accepts(word(state))) {
                passing.add(state);
            }
        }
        if (passing.isEmpty()) {
            throw invalid(STATE, "every state", "a state that is left");
        }
        return names.isAll() ? Set.of() : passing;
    }

    private ProjectId project(String name) {
        try {
            return new ProjectId(name);
        } catch (IllegalArgumentException wrong) {
            throw invalid(PROJECT, name, "the name of a project: " + wrong.getMessage());
        }
    }

    private InvalidFilterException invalid(String field, String value, String expectation) {
        int position = filter.terms().stream()
                .filter(term -> term.field().equals(Optional.of(field)))
                .findFirst()
                .map(term -> term.position())
                .orElse(1);
        return InvalidFilterException.invalidValue(position, field, value, expectation, Optional.empty());
    }

    private TaskLanes lanes() {
        return new TaskLanes(checked.names(TYPE), checked.names(QUEUE), checked.names(TENANT));
    }

    /** The states that pass; empty when the filter names none, and all pass. */
    public Set<TaskState> states() {
        return Set.copyOf(states);
    }

    /** Returns the query for the newest tasks that pass; {@code limit} is 1 to 500. */
    public TaskQuery query(int limit) {
        return new TaskQuery(
                states,
                lanes(),
                project,
                checked.times(CREATED).from(),
                checked.times(CREATED).before(),
                Optional.empty(),
                limit,
                TaskQuery.Order.NEWEST_FIRST);
    }

    /**
     * Returns which tasks to operate on.
     *
     * @param absent the states when the filter names none; at least one
     */
    public TaskFilter filter(Set<TaskState> absent) {
        return new TaskFilter(
                states.isEmpty() ? Check.noNulls("absent", absent) : states, lanes(), project, checked.times(CREATED));
    }
}
