package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimRequest;
import dev.architect.filter.NameFilter;
import dev.architect.filter.TimeRange;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages of tasks under every condition, over tasks of several types, projects, times and states. */
abstract class StorePageCases extends StoreCases {

    private static final List<String> TYPES = List.of("prompt", "build", "crawl");
    private static final List<ProjectId> PROJECTS =
            List.of(new ProjectId("north"), new ProjectId("south"), new ProjectId("west"));
    private static final List<String> QUEUES = List.of(TaskOptions.DEFAULT_QUEUE, "night");
    private static final List<String> TENANTS = List.of(TaskOptions.DEFAULT_TENANT, "guest");
    private static final List<TaskLanes> LANES = List.of(
            TaskLanes.ALL,
            TaskLanes.ofTypes(NameFilter.of("build")),
            TaskLanes.ofTypes(NameFilter.of("none")),
            TaskLanes.ofTypes(NameFilter.of("build", "crawl", "none")),
            new TaskLanes(NameFilter.except("build"), NameFilter.of("night"), NameFilter.ALL),
            new TaskLanes(NameFilter.ALL, NameFilter.except("night"), NameFilter.of("guest")));
    /** Shares no factor with the numbers of values. */
    private static final int SHARE = 5;

    private static final Comparator<Task> BY_ID = Comparator.comparing(Task::id);

    StorePageCases(StoreContract contract) {
        super(contract);
    }

    /** Returns all tasks, oldest first. */
    private List<Task> tasks(int count) {
        Random random = new Random(7);
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            time.advance(Duration.ofSeconds(random.nextInt(3)));
            TaskRequest request = TaskRequest.of(TYPES.get(random.nextInt(3)), "p" + i)
                    .withOptions(TaskOptions.DEFAULT
                            .withQueue(QUEUES.get(random.nextInt(2)))
                            .withTenant(TENANTS.get(random.nextInt(2))))
                    .withProject(PROJECTS.get(random.nextInt(3)))
                    .withDelay(random.nextInt(5) == 0 ? Duration.ofDays(1) : Duration.ZERO);
            ids.add(submit(request));
        }
        store().tasks().claim(ClaimRequest.of(node(), count / 2, TYPES)).forEach(claimed -> {
            switch (random.nextInt(4)) {
                case 0 -> finish(done(claimed.fencingToken()));
                case 1 -> finish(dead(claimed.fencingToken()));
                case 2 -> finish(cancelled(claimed.fencingToken()));
                default -> {}
            }
        });
        return ids.stream().map(this::find).toList();
    }

    private static List<TaskQuery> queries(Instant from, Instant before, int limit) {
        List<Set<TaskState>> states = List.of(
                Set.of(),
                Set.of(TaskState.READY),
                Set.of(TaskState.RUNNING),
                Set.of(TaskState.SCHEDULED),
                Set.of(TaskState.DONE),
                Set.of(TaskState.DEAD, TaskState.CANCELLED, TaskState.READY),
                EnumSet.allOf(TaskState.class));
        List<TaskQuery> queries = new ArrayList<>();
        for (Set<TaskState> some : states) {
            for (TaskLanes lanes : LANES) {
                for (Optional<ProjectId> project : List.of(
                        Optional.<ProjectId>empty(),
                        Optional.of(PROJECTS.get(1)),
                        Optional.of(new ProjectId("none")))) {
                    for (Optional<Instant> first : List.of(Optional.<Instant>empty(), Optional.of(from))) {
                        for (Optional<Instant> last : List.of(Optional.<Instant>empty(), Optional.of(before))) {
                            queries.add(new TaskQuery(
                                    some,
                                    lanes,
                                    project,
                                    first,
                                    last,
                                    Optional.empty(),
                                    limit,
                                    TaskQuery.Order.NEWEST_FIRST));
                        }
                    }
                }
            }
        }
        // A part of them, in which every value meets every other one: by default there is no time for all on every
        // store.
        return Boolean.getBoolean("architect.slow")
                ? queries
                : IntStream.range(0, queries.size())
                        .filter(index -> index % SHARE == 0)
                        .mapToObj(queries::get)
                        .toList();
    }

    private static Predicate<Task> condition(TaskQuery query) {
        return task -> (query.states().isEmpty() || query.states().contains(task.state()))
                && query.lanes().accepts(task.request())
                && query.project()
                        .map(task.request().attribution().project()::equals)
                        .orElse(true)
                && query.createdFrom()
                        .map(first -> !task.createdAt().isBefore(first))
                        .orElse(true)
                && query.createdBefore().map(task.createdAt()::isBefore).orElse(true);
    }

    private List<TaskId> pages(TaskQuery query) {
        List<TaskId> seen = new ArrayList<>();
        List<Task> page = store().tasks().list(query);
        while (!page.isEmpty()) {
            page.forEach(task -> seen.add(task.id()));
            page = store().tasks().list(query.after(page.get(page.size() - 1).id()));
        }
        return seen;
    }

    @Test
    void listsExactlyWhatFulfilsEveryConditionPageByPage() {
        List<Task> all = tasks(90);
        Instant from = all.get(30).createdAt();
        Instant before = all.get(70).createdAt();

        queries(from, before, 7).forEach(query -> assertPages(query, all));
    }

    /** A store may choose its way by the number of rows that fulfil a condition. */
    @Test
    void listsTheSameAmongThousandsOfTasks() {
        List<Task> few = tasks(60);
        Instant before = time.wallTime();
        time.advance(Duration.ofSeconds(1));
        store().tasks()
                .submit(IntStream.range(0, 2_300)
                        .mapToObj(i -> TaskRequest.of("build", "p").withProject(PROJECTS.get(1)))
                        .toList());
        List<Task> all = new ArrayList<>(few);
        List<Task> page = store().tasks().list(TaskQuery.newest(500));
        while (!page.isEmpty()) {
            page.stream()
                    .filter(task -> task.id().compareTo(few.get(59).id()) > 0)
                    .forEach(all::add);
            page = store().tasks()
                    .list(TaskQuery.newest(500).after(page.get(page.size() - 1).id()));
        }
        assertThat(all).hasSize(2_360);

        queries(few.get(20).createdAt(), before, 500).forEach(query -> assertPages(query, all));
    }

    private void assertPages(TaskQuery query, List<Task> all) {
        assertInOrder(query, all, BY_ID.reversed());
        assertInOrder(query.withOrder(TaskQuery.Order.OLDEST_FIRST), all, BY_ID);
        assertIds(query, all);
    }

    /** What is changed in bulk is found by the same conditions. */
    private void assertIds(TaskQuery query, List<Task> all) {
        TaskFilter filter = new TaskFilter(
                query.states().isEmpty() ? EnumSet.allOf(TaskState.class) : query.states(),
                query.lanes(),
                query.project(),
                new TimeRange(query.createdFrom(), query.createdBefore()));
        List<TaskId> seen = new ArrayList<>();
        List<TaskId> page = store().tasks().ids(filter, Optional.empty(), query.limit());
        while (!page.isEmpty()) {
            seen.addAll(page);
            page = store().tasks().ids(filter, Optional.of(page.get(page.size() - 1)), query.limit());
        }
        assertThat(seen)
                .as(filter.toString())
                .isEqualTo(all.stream()
                        .filter(condition(query))
                        .map(Task::id)
                        .sorted()
                        .toList());
        assertThat(all.stream().filter(filter::matches).map(Task::id).sorted().toList())
                .isEqualTo(seen);
    }

    /** As somebody reads it who waits for each page, which may have less than it could. */
    private List<TaskId> browsed(TaskQuery query) {
        List<TaskId> seen = new ArrayList<>();
        Optional<TaskId> last = Optional.empty();
        do {
            TaskPage page = store().tasks().browse(last.map(query::after).orElse(query));
            assertThat(page.tasks()).hasSizeLessThanOrEqualTo(query.limit());
            page.tasks().forEach(task -> seen.add(task.id()));
            last = page.next();
        } while (last.isPresent());
        return seen;
    }

    private void assertInOrder(TaskQuery query, List<Task> all, Comparator<Task> order) {
        assertThat(browsed(query)).as(query.toString()).isEqualTo(pages(query));
        assertThat(pages(query))
                .as(query.toString())
                .isEqualTo(all.stream()
                        .filter(condition(query))
                        .sorted(order)
                        .map(Task::id)
                        .toList());
    }

    @Test
    void listsTasksInTheOrderInWhichTheyWereAccepted() {
        List<Task> all = tasks(20);

        assertThat(store().tasks().list(TaskQuery.newest(500)))
                .isEqualTo(all.stream().sorted(BY_ID.reversed()).toList());
        assertThat(store().tasks()
                        .list(TaskQuery.newest(500).withCreatedFrom(all.get(0).createdAt())))
                .isEqualTo(all.stream().sorted(BY_ID.reversed()).toList());
    }
}
