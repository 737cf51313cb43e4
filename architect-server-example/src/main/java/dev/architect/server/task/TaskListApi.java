package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.filter.Filter;
import dev.architect.maintenance.TaskFilterReader;
import dev.architect.project.ProjectId;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.CursorPage;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.PageCursor;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spi.TimeSource;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import io.javalin.http.Context;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The list {@code /api/tasks}: pages of tasks that pass a filter, in both directions. */
public final class TaskListApi {

    private static final int MAX_LIMIT = TaskQuery.MAX_LIMIT;

    private static final int DEFAULT_LIMIT = 50;

    private static final String STATE = "state";
    private static final String TYPE = "type";
    private static final String PROJECT = "project";
    private static final String CREATED_FROM = "createdFrom";
    private static final String CREATED_BEFORE = "createdBefore";
    private static final String BEFORE = "before";
    private static final String LIMIT = "limit";

    private static final Set<String> CONDITIONS =
            Set.of(FilterText.Q, FilterText.ZONE, STATE, TYPE, PROJECT, CREATED_FROM, CREATED_BEFORE);
    private static final Set<String> PLACES = Set.of(BEFORE, PageCursor.CURSOR, LIMIT);

    private final Architect architect;
    private final TimeSource time;

    /** Creates the resource; {@code time} is what times such as {@code -7d} are before. */
    public TaskListApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("listTasks", TaskApi.PATH, Permission.read(TaskApi.AREA), this::list)
                .summary("Lists tasks, newest first, without their requests.")
                .query(
                        FilterText.Q,
                        Schema.text(0, Filter.MAX_CHARACTERS),
                        "Only those that pass this filter, such as state:dead type:prompt,crawl created:-7d.")
                .query(FilterText.ZONE, Schema.text(), "The zone of days in q; UTC when absent.")
                .query(STATE, Schema.text(), "Only those in one of these states, with commas between them.")
                .query(TYPE, Schema.text(), "Only those of this type.")
                .query(PROJECT, Schema.text(), "Only those of this project.")
                .query(CREATED_FROM, Schema.instant(), "Only those accepted at this time or later.")
                .query(CREATED_BEFORE, Schema.instant(), "Only those accepted before this time.")
                .query(PageCursor.CURSOR, Schema.text(), "The page at next or previous of another one.")
                .query(BEFORE, Schema.text(), "Only those older than this task, or next of the page before.")
                .query(LIMIT, Schema.integer(1, MAX_LIMIT), "How many at most.")
                .answer(
                        200,
                        "A page of tasks; it may be short, or empty, while next is there.",
                        Schema.object()
                                .required(TaskRequestReader.TASKS, Schema.list(TaskSchemas.SUMMARY))
                                .required("next", Schema.text().orNull())
                                .required("previous", Schema.text().orNull())
                                .open())
                .refuses(400, "cursor-mismatch", "unknown-filter"));
    }

    private void list(Context request) {
        Set<String> known = new TreeSet<>(CONDITIONS);
        known.addAll(PLACES);
        QueryParameters parameters = new QueryParameters(request, known);
        int limit = parameters.integer(LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT);
        Filter filter = filter(parameters);
        TaskQuery query = query(parameters, filter, limit);
        String asked = asked(parameters, filter);
        Optional<PageCursor> at = place(parameters, asked);
        TaskPage found = architect.tasks().browse(placed(query, at));
        CursorPage<Task> page = CursorPage.upTo(
                found.tasks(),
                found.next().map(TaskId::toString),
                at,
                task -> task.id().toString());
        ObjectNode answer = JsonResponseWriter.object();
        answer.set(TaskRequestReader.TASKS, TaskView.summary(page.items()));
        answer.put("next", page.next().map(cursor -> cursor.text(asked)).orElse(null));
        answer.put("previous", page.previous().map(cursor -> cursor.text(asked)).orElse(null));
        JsonResponseWriter.write(request, answer);
    }

    private static TaskQuery placed(TaskQuery query, Optional<PageCursor> at) {
        return at.map(cursor -> query.after(id(cursor)).withOrder(order(cursor)))
                .orElse(query);
    }

    private static TaskQuery.Order order(PageCursor cursor) {
        return cursor.isBackward() ? TaskQuery.Order.OLDEST_FIRST : TaskQuery.Order.NEWEST_FIRST;
    }

    private static TaskId id(PageCursor cursor) {
        return TaskApi.parse(cursor.place())
                .orElseThrow(() -> QueryParameters.invalid(
                        PageCursor.CURSOR, cursor.place(), "next or previous of a page of tasks"));
    }

    private static Filter filter(QueryParameters parameters) {
        return FilterText.read(
                FilterText.Q,
                ApiException.Place.PARAMETER,
                () -> parameters.text(FilterText.Q).map(Filter::parse).orElse(Filter.NONE));
    }

    private TaskQuery query(QueryParameters parameters, Filter filter, int limit) {
        ZoneId zone = FilterText.zone(parameters.text(FilterText.ZONE), ApiException.Place.PARAMETER);
        TaskQuery query = FilterText.read(
                FilterText.Q,
                ApiException.Place.PARAMETER,
                () -> new TaskFilterReader(filter, zone, time.wallTime()).query(limit));
        rejectTwice(parameters, filter, STATE, STATE);
        rejectTwice(parameters, filter, TYPE, TYPE);
        rejectTwice(parameters, filter, PROJECT, PROJECT);
        rejectTwice(parameters, filter, CREATED_FROM, "created");
        rejectTwice(parameters, filter, CREATED_BEFORE, "created");
        Set<TaskState> states = states(parameters);
        query = states.isEmpty() ? query : query.withStates(states);
        query = parameters.text(TYPE).map(query::withType).orElse(query);
        query = parameters
                .text(PROJECT)
                .map(TaskListApi::project)
                .map(query::withProject)
                .orElse(query);
        query = parameters.instant(CREATED_FROM).map(query::withCreatedFrom).orElse(query);
        return parameters.instant(CREATED_BEFORE).map(query::withCreatedBefore).orElse(query);
    }

    private static void rejectTwice(QueryParameters parameters, Filter filter, String parameter, String field) {
        if (parameters.text(parameter).isPresent()
                && filter.terms().stream().anyMatch(term -> term.field().equals(Optional.of(field)))) {
            throw ApiException.invalidParameter(
                    parameter, parameter + " is given beside '" + field + ":' in q, expected one of them");
        }
    }

    private static ProjectId project(String name) {
        try {
            return new ProjectId(name);
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidParameter(PROJECT, String.valueOf(wrong.getMessage()));
        }
    }

    private static Set<TaskState> states(QueryParameters query) {
        Set<TaskState> states = EnumSet.noneOf(TaskState.class);
        List<String> words = new ArrayList<>();
        query.text(STATE).ifPresent(text -> words.addAll(List.of(text.split(",", -1))));
        for (String word : words) {
            states.add(EnumWords.parse(TaskState.class, word)
                    .orElseThrow(
                            () -> QueryParameters.invalid(STATE, word, "one of " + EnumWords.list(TaskState.class))));
        }
        return states;
    }

    /** What a place in the list belongs to. */
    private static String asked(QueryParameters parameters, Filter filter) {
        StringBuilder asked = new StringBuilder("tasks\n").append(filter.text());
        for (String name : new TreeSet<>(CONDITIONS)) {
            if (!name.equals(FilterText.Q)) {
                parameters
                        .text(name)
                        .ifPresent(text ->
                                asked.append('\n').append(name).append('=').append(text));
            }
        }
        return asked.toString();
    }

    private static Optional<PageCursor> place(QueryParameters parameters, String asked) {
        Optional<PageCursor> cursor =
                parameters.text(PageCursor.CURSOR).map(text -> PageCursor.parse(PageCursor.CURSOR, text, asked));
        Optional<String> before = parameters.text(BEFORE);
        if (cursor.isPresent() && before.isPresent()) {
            throw ApiException.invalidParameter(BEFORE, BEFORE + " is given beside cursor, expected one of them");
        }
        // Clients of the time before cursors send the id of the last task.
        return cursor.or(() -> before.map(
                text -> TaskApi.parse(text).isPresent() ? new PageCursor(false, text) : nextOf(text, asked)));
    }

    private static PageCursor nextOf(String text, String asked) {
        try {
            return PageCursor.parse(BEFORE, text, asked);
        } catch (ApiException wrong) {
            throw wrong.code().equals("cursor-mismatch")
                    ? wrong
                    : QueryParameters.invalid(BEFORE, text, "the id of a task");
        }
    }
}
