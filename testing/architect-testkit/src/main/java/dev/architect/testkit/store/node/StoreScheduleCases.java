package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.recurring.CatchUp;
import dev.architect.recurring.Recurrence;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Schedules: each instant is fired once, whoever fires it. */
public abstract class StoreScheduleCases extends StoreFixture {

    private static final Duration HOUR = Duration.ofHours(1);

    /** Creates the cases for one store. */
    protected StoreScheduleCases(StoreHandles handles) {
        super(handles);
    }

    private ScheduleStore schedules() {
        return store().schedules().orElseThrow();
    }

    private static ScheduleRequest hourly(String name) {
        return ScheduleRequest.every(name, HOUR, TaskRequest.prompt("report"));
    }

    private static Schedule make(ScheduleStore store, ScheduleRequest request) {
        Instant now = store.now();
        return store.create(request, now, request.recurrence().next(now, now)).orElseThrow();
    }

    private Schedule read(String name) {
        return schedules().find(name).orElseThrow();
    }

    private List<Task> tasks() {
        return store().tasks().list(TaskQuery.newest(500));
    }

    private static ScheduleFiring due(Schedule schedule) {
        return ScheduleFiring.due(schedule, schedule.next().orElseThrow());
    }

    @Test
    void whatWasKeptIsReadBack() throws Exception {
        TaskRequest task = TaskRequest.of("report", ODD)
                .withAttributes(Map.of("depth", ODD, "other", ""))
                .withPriority(Priority.URGENT)
                .withAttribution(new Attribution(new ProjectId("shop"), Optional.of("ann"), Map.of("team", "a")))
                .withTimeout(Duration.ofMinutes(7))
                .withMaxAttempts(2)
                .withDelay(Duration.ofSeconds(3));
        ScheduleRequest request = new ScheduleRequest(
                "nightly.report_1",
                Recurrence.cron("0 30 2 ? * MON-FRI", ZoneId.of("Europe/Berlin")),
                task,
                CatchUp.all(24));

        Schedule made = make(schedules(), request);

        assertThat(made.request()).isEqualTo(request);
        assertThat(made.id()).isPositive();
        assertThat(made.version()).isPositive();
        assertThat(made.isPaused()).isFalse();
        assertThat(made.last()).isEmpty();
        assertThat(made.next()).isEqualTo(request.recurrence().next(made.createdAt(), made.createdAt()));
        assertThat(second().schedules().orElseThrow().find("nightly.report_1")).contains(made);
        assertThat(read("nightly.report_1")).isEqualTo(made);
        assertThat(schedules().find("other")).isEmpty();
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        Schedule first = make(schedules(), hourly("a"));

        assertThat(second().schedules()
                        .orElseThrow()
                        .create(hourly("a"), schedules().now(), Optional.empty()))
                .isEmpty();
        assertThat(read("a")).isEqualTo(first);
        assertThat(schedules().delete(first.id())).isTrue();
        assertThat(schedules().delete(first.id())).isFalse();
        assertThat(make(schedules(), hourly("a")).id()).isGreaterThan(first.id());
    }

    @Test
    void theyAreListedByName() {
        for (String name : List.of("b", "a.1", "c", "a-1", "a")) {
            make(schedules(), hourly(name));
        }

        List<String> all = schedules().list(Optional.empty(), 10).stream()
                .map(Schedule::name)
                .toList();
        List<String> page = schedules().list(Optional.of("a"), 2).stream()
                .map(Schedule::name)
                .toList();

        assertThat(all).containsExactly("a", "a-1", "a.1", "b", "c");
        assertThat(page).containsExactly("a-1", "a.1");
        assertThatThrownBy(() -> schedules().list(Optional.empty(), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedules().due(1_001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChangeNeedsTheVersionThatWasRead() throws Exception {
        Schedule made = make(schedules(), hourly("a"));
        ScheduleStore other = second().schedules().orElseThrow();

        Schedule paused = other.update(made.paused()).orElseThrow();

        assertThat(paused.isPaused()).isTrue();
        assertThat(paused.next()).isEmpty();
        assertThat(paused.version()).isGreaterThan(made.version());
        assertThat(schedules().update(made)).isEmpty();
        assertThat(read("a")).isEqualTo(paused);
        Instant now = schedules().now();
        ScheduleRequest daily = ScheduleRequest.every("a", Duration.ofDays(1), TaskRequest.prompt("other"));
        Schedule changed =
                schedules().update(paused.resumed(now).with(daily, now)).orElseThrow();
        assertThat(changed.request()).isEqualTo(daily);
        assertThat(changed.next()).contains(made.createdAt().plus(Duration.ofDays(1)));
        assertThat(read("a")).isEqualTo(changed);
    }

    @Test
    void dueOnesComeInTheOrderOfTheirInstants() {
        make(schedules(), ScheduleRequest.every("late", Duration.ofHours(3), TaskRequest.prompt("p")));
        Schedule first = make(schedules(), hourly("first"));
        Schedule then = make(schedules(), ScheduleRequest.every("then", Duration.ofHours(2), TaskRequest.prompt("p")));
        Schedule paused = make(schedules(), hourly("paused"));
        schedules().update(paused.paused());

        assertThat(schedules().due(10)).isEmpty();
        assertThat(schedules().untilNext().orElseThrow()).isBetween(HOUR.minusMinutes(1), HOUR);
        time.advance(HOUR.multipliedBy(2).plusMinutes(1));

        assertThat(schedules().untilNext()).contains(Duration.ZERO);
        assertThat(schedules().due(10)).containsExactly(first, then);
        assertThat(schedules().due(1)).containsExactly(first);
    }

    @Test
    void nothingIsDueWithoutASchedule() {
        assertThat(schedules().untilNext()).isEmpty();
        assertThat(schedules().due(1)).isEmpty();
        assertThat(schedules().runs(7, 10)).isEmpty();
        assertThat(schedules().delete(7)).isFalse();
    }

    @Test
    void aFiringSubmitsItsTaskAndMovesOn() throws Exception {
        Schedule made = make(schedules(), hourly("a"));
        Instant instant = made.next().orElseThrow();

        List<ScheduleRun> runs = schedules().fire(due(made)).orElseThrow();

        assertThat(runs).hasSize(1);
        TaskId id = runs.get(0).task().orElseThrow();
        assertThat(runs.get(0).instant()).isEqualTo(instant);
        assertThat(runs.get(0).note()).isEmpty();
        assertThat(tasks()).extracting(Task::id).containsExactly(id);
        assertThat(tasks().get(0).request()).isEqualTo(made.request().task());
        assertThat(store().tasks().counts().values()).containsExactly(1L);
        Schedule after = read("a");
        assertThat(after.next()).contains(instant.plus(HOUR));
        assertThat(after.last()).contains(instant);
        assertThat(second().schedules().orElseThrow().runs(made.id(), 10)).isEqualTo(runs);
        long node = nodes().join("n");
        assertThat(claim(node, 10)).hasSize(1);
    }

    @Test
    void whatWasFiredOrChangedSinceIsNotFiredAgain() throws Exception {
        Schedule made = make(schedules(), hourly("a"));
        ScheduleFiring firing = due(made);
        schedules().fire(firing);

        assertThat(schedules().fire(firing)).isEmpty();
        assertThat(second().schedules().orElseThrow().fire(firing)).isEmpty();
        Schedule read = read("a");
        schedules().update(read.paused());
        assertThat(schedules().fire(due(read))).isEmpty();
        schedules().delete(made.id());
        assertThat(schedules().fire(due(read))).isEmpty();

        assertThat(tasks()).hasSize(1);
    }

    @Test
    void ofManyThatFireTheSameInstantOneDoes() throws Exception {
        AtomicInteger fired = new AtomicInteger();
        make(schedules(), hourly("a"));
        int rounds = 20;

        for (int i = 0; i < rounds; i++) {
            onBothHandles((handle, number) -> {
                ScheduleStore store = handle.schedules().orElseThrow();
                // Half of them fire what all have read, the others what they find.
                Schedule read = store.find("a").orElseThrow();
                if (store.fire(due(read)).isPresent()) {
                    fired.incrementAndGet();
                }
            });
        }

        List<Task> tasks = tasks();
        assertThat(tasks).hasSize(fired.get());
        Schedule after = read("a");
        long instants =
                Duration.between(after.createdAt(), after.last().orElseThrow()).dividedBy(HOUR);
        assertThat(instants).isEqualTo(fired.get()).isGreaterThanOrEqualTo(rounds);
        assertThat(schedules().runs(after.id(), 1_000))
                .extracting(ScheduleRun::instant)
                .doesNotHaveDuplicates();
    }

    @Test
    void severalInstantsAreFiredTogether() {
        Schedule made = make(schedules(), hourly("a").withCatchUp(CatchUp.all(3)));
        Instant now = made.createdAt().plus(HOUR.multipliedBy(10)).plusSeconds(90);

        List<ScheduleRun> runs = schedules().fire(ScheduleFiring.due(made, now)).orElseThrow();

        assertThat(runs)
                .extracting(
                        run -> Duration.between(made.createdAt(), run.instant()).toHours())
                .containsExactly(8L, 9L, 10L);
        assertThat(runs).extracting(ScheduleRun::note).containsExactly(ScheduleFiring.AFTER_MISSED, "", "");
        assertThat(tasks()).hasSize(3);
        assertThat(schedules().runs(made.id(), 10))
                .extracting(ScheduleRun::instant)
                .containsExactly(
                        runs.get(2).instant(),
                        runs.get(1).instant(),
                        runs.get(0).instant());
        assertThat(read("a").next()).contains(made.createdAt().plus(HOUR.multipliedBy(11)));
    }

    @Test
    void aFiringWithoutATaskIsNotedAndMovesOn() {
        Schedule made = make(schedules(), hourly("a"));

        List<ScheduleRun> runs = schedules().fire(due(made).refused("no room")).orElseThrow();

        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).task()).isEmpty();
        assertThat(runs.get(0).note()).isEqualTo("no room");
        assertThat(schedules().runs(made.id(), 10)).isEqualTo(runs);
        assertThat(read("a").next()).contains(made.next().orElseThrow().plus(HOUR));
        assertThat(tasks()).isEmpty();
    }

    @Test
    void aTaskThatIsRefusedLeavesTheScheduleAsItWas() {
        Schedule made = make(schedules(), hourly("a"));
        ScheduleFiring firing = due(made);
        IdempotencyKey key = firing.submissions().get(0).key().orElseThrow();
        store().tasks().submitOnce(List.of(TaskSubmission.of(TaskRequest.prompt("another"), key)));

        assertThatThrownBy(() -> schedules().fire(firing)).isInstanceOf(IdempotencyKeyReusedException.class);

        assertThat(read("a")).isEqualTo(made);
        assertThat(schedules().runs(made.id(), 10)).isEmpty();
        assertThat(tasks()).hasSize(1);
    }

    @Test
    void anInstantWhoseTaskIsThereAlreadyGetsThatTask() {
        Schedule made = make(schedules(), hourly("a"));
        ScheduleFiring firing = due(made);
        TaskId before = store().tasks().submitOnce(firing.submissions()).get(0).id();

        List<ScheduleRun> runs = schedules().fire(firing).orElseThrow();

        assertThat(runs.get(0).task()).contains(before);
        assertThat(tasks()).hasSize(1);
    }

    @Test
    void aFiringByHandLeavesTheInstantsAsTheyAre() {
        Schedule made = make(schedules(), hourly("a"));
        Schedule paused = schedules().update(made.paused()).orElseThrow();
        Instant now = schedules().now();

        List<ScheduleRun> runs =
                schedules().fire(ScheduleFiring.byHand(paused, now)).orElseThrow();

        assertThat(runs).extracting(ScheduleRun::note).containsExactly(ScheduleRun.BY_HAND);
        assertThat(runs.get(0).instant()).isEqualTo(now.truncatedTo(ChronoUnit.MICROS));
        assertThat(tasks()).hasSize(1);
        assertThat(read("a").isPaused()).isTrue();
        assertThat(read("a").next()).isEmpty();
        assertThat(read("a").last()).isEmpty();
    }

    @Test
    void theLastRunsAreKept() {
        Schedule schedule = make(schedules(), hourly("a"));
        int fired = ScheduleStore.KEPT_RUNS + 5;
        for (int i = 0; i < fired; i++) {
            assertThat(schedules().fire(due(schedule).refused("run " + i))).isPresent();
            schedule = read("a");
        }

        List<ScheduleRun> runs = schedules().runs(schedule.id(), ScheduleStore.MAX_PAGE);

        assertThat(runs).hasSize(ScheduleStore.KEPT_RUNS);
        assertThat(runs.get(0).note()).isEqualTo("run " + (fired - 1));
        assertThat(runs.get(ScheduleStore.KEPT_RUNS - 1).note()).isEqualTo("run 5");
        assertThat(schedules().runs(schedule.id(), 2)).isEqualTo(runs.subList(0, 2));
        schedules().delete(schedule.id());
        assertThat(schedules().runs(schedule.id(), 2)).isEmpty();
    }

    @Test
    void tasksOfEveryProjectAreFired() {
        for (int i = 0; i < 20; i++) {
            make(
                    schedules(),
                    ScheduleRequest.every(
                            "s" + i, HOUR, TaskRequest.prompt("p").withProject(new ProjectId("project-" + i))));
        }

        for (Schedule schedule : schedules().list(Optional.empty(), 100)) {
            ScheduleFiring firing = due(schedule);
            assertThat(schedules().fire(firing)).isPresent();
            assertThat(schedules().fire(firing)).isEmpty();
        }

        assertThat(tasks()).hasSize(20);
    }

    @Test
    void aClosedStoreRefuses() throws Exception {
        ScheduleStore closed = schedules();
        store().close();

        assertClosed(() -> closed.find("a"));
        assertClosed(() -> closed.create(hourly("a"), Instant.EPOCH, Optional.empty()));
    }
}
