package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.error.CapacityException;
import dev.architect.error.StoreException;
import dev.architect.filter.Filter;
import dev.architect.job.BulkChanger;
import dev.architect.job.BulkJob;
import dev.architect.job.BulkJobRequest;
import dev.architect.job.ExpectedCountException;
import dev.architect.job.Jobs;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.node.NodeRole;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on many tasks that go on after the end of their process. */
class SqliteJobTest {

    private static final NodeRole ROLE = new NodeRole(Jobs.ROLE, 1, 1);

    private final ManualTime time = new ManualTime();
    private final List<TaskId> changed = new ArrayList<>();

    @TempDir
    Path directory;

    private FaultyStore open(TimeSource clock) {
        return new FaultyStore(SqliteStore.builder(directory.resolve("architect.db"))
                .time(clock)
                .open());
    }

    /** Changes tasks as the engine does, and remembers which. */
    private record Changer(TaskStore tasks, List<TaskId> changed) implements BulkChanger {

        @Override
        public long count(TaskAction action, TaskFilter filter) {
            long count = 0;
            List<TaskId> ids = tasks.ids(filter, Optional.empty(), TaskStore.MAX_IDS);
            while (!ids.isEmpty()) {
                count += ids.size();
                ids = tasks.ids(filter, Optional.of(ids.get(ids.size() - 1)), TaskStore.MAX_IDS);
            }
            return count;
        }

        @Override
        public Set<TaskId> change(TaskAction action, List<TaskId> ids) {
            Set<TaskId> now = action.kind() == TaskAction.Kind.REDRIVE
                    ? Set.copyOf(tasks.redrive(ids))
                    : tasks.change(ids, action).keySet();
            changed.addAll(now);
            return now;
        }
    }

    private Jobs jobs(Store store, TimeSource clock) {
        return new Jobs(store, clock, new Changer(store.tasks(), changed), work -> Optional.empty());
    }

    private Jobs jobs(Store store) {
        return jobs(store, time);
    }

    private static Duration work(Jobs jobs) throws Exception {
        return jobs.work().run(ROLE);
    }

    private static BulkJobRequest request(TaskAction action, String filter, Duration startAfter) {
        return new BulkJobRequest(action, Filter.parse(filter), ZoneOffset.UTC, Optional.empty(), startAfter);
    }

    private static BulkJobRequest expecting(long count, Duration startAfter) {
        return new BulkJobRequest(
                TaskAction.CANCEL, Filter.parse("type:report"), ZoneOffset.UTC, Optional.of(count), startAfter);
    }

    private static BulkJob read(Jobs jobs, BulkJob job) {
        return jobs.find(job.id()).orElseThrow();
    }

    private static void submit(Store store, String type, int count) {
        for (int left = count; left > 0; left -= TaskStore.MAX_IDS) {
            store.tasks().submit(Collections.nCopies(Math.min(left, TaskStore.MAX_IDS), TaskRequest.of(type, "p")));
        }
    }

    @Test
    void changesWhatPassesItsFilter() throws Exception {
        try (Store store = open(time)) {
            submit(store, "report", 2_300);
            submit(store, "other", 10);
            Jobs jobs = jobs(store);
            BulkJobRequest request = request(TaskAction.HOLD, "type:report created:-1d", Duration.ZERO);

            assertThat(jobs.count(request)).isEqualTo(2_300);
            BulkJob job = jobs.submit(request);
            assertThat(job.state()).isEqualTo(BulkJob.State.WAITING);
            assertThat(work(jobs)).isEqualTo(Duration.ofMillis(500));

            BulkJob done = read(jobs, job);
            assertThat(done.state()).isEqualTo(BulkJob.State.DONE);
            assertThat(done.total()).isEqualTo(2_300);
            assertThat(done.done()).isEqualTo(2_300);
            assertThat(done.skipped()).isZero();
            assertThat(done.endedAt()).contains(time.wallTime());
            assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.HELD, 2_300L, TaskState.READY, 10L));
            assertThat(jobs.list()).containsExactly(done);
        }
    }

    /** Each process ends at its first, second, third or fourth write of the job, before or after that has reached the store. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnAfterTheEndOfItsProcessWithEachTaskOnce(boolean isWritten) throws Exception {
        BulkJob job;
        try (Store store = open(time)) {
            submit(store, "report", 2_300);
            job = jobs(store).submit(request(TaskAction.CANCEL, "type:report", Duration.ZERO));
        }
        int ends = 0;
        BulkJob.State state = job.state();
        while (!state.isEnded()) {
            try (FaultyStore store = open(time)) {
                int[] writes = {0};
                int last = ends % 4 + 1;
                store.set((method, call) ->
                        method.equals("writeDocument") && ++writes[0] == last ? ended(call, isWritten) : call.call());
                Jobs jobs = jobs(store);
                try {
                    work(jobs);
                } catch (StoreException end) {
                    ends++;
                }
                store.heal();
                state = read(jobs, job).state();
            }
        }
        try (Store store = open(time)) {
            BulkJob done = read(jobs(store), job);
            assertThat(ends).isGreaterThanOrEqualTo(3);
            assertThat(changed).hasSize(2_300).doesNotHaveDuplicates();
            assertThat(done.done()).isEqualTo(2_300);
            assertThat(done.skipped()).isZero();
            assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 2_300L));
        }
    }

    private static Object ended(Callable<Object> call, boolean isWritten) throws Exception {
        if (isWritten) {
            call.call();
        }
        throw new StoreException(StoreException.Kind.CLOSED, "the process has ended", null);
    }

    @Test
    void leavesOutWhatWasMadeReadyAgainAndHasEndedSince() throws Exception {
        BulkJob job;
        try (FaultyStore store = open(time)) {
            submit(store, "report", 4);
            die(store, 4);
            time.advance(Duration.ofSeconds(1));
            Jobs jobs = jobs(store);
            job = jobs.submit(request(TaskAction.REDRIVE, "state:dead", Duration.ZERO));
            int[] writes = {0};
            store.set((method, call) ->
                    method.equals("writeDocument") && ++writes[0] == 3 ? ended(call, false) : call.call());
            assertThatThrownBy(() -> work(jobs)).isInstanceOf(StoreException.class);
            store.heal();
            assertThat(changed).hasSize(4);
            time.advance(Duration.ofSeconds(1));
            die(store, 2);
        }
        try (Store store = open(time)) {
            Jobs jobs = jobs(store);
            work(jobs);

            assertThat(changed).hasSize(4);
            assertThat(read(jobs, job).done()).isEqualTo(4);
            assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.DEAD, 2L, TaskState.READY, 2L));
        }
    }

    private void die(Store store, int count) {
        long node = store.nodes().join("node");
        store.tasks()
                .claim(ClaimRequest.of(node, count, List.of("report")))
                .forEach(claimed -> store.tasks()
                        .finish(List.of(new AttemptEnd(
                                claimed.fencingToken(),
                                "session",
                                time.wallTime(),
                                time.wallTime(),
                                AttemptOutcome.FAILED,
                                TaskState.DEAD,
                                Duration.ZERO,
                                AttemptResult.error("no")))));
    }

    @Test
    void isStoppedBeforeItStarts() throws Exception {
        try (Store store = open(time)) {
            submit(store, "report", 3);
            Jobs jobs = jobs(store);
            BulkJob job = jobs.submit(request(TaskAction.CANCEL, "type:report", Duration.ofSeconds(5)));

            assertThat(work(jobs)).isEqualTo(Duration.ofMillis(500));
            time.advance(Duration.ofMillis(4_900));
            assertThat(work(jobs)).isEqualTo(Duration.ofMillis(100));
            assertThat(jobs.stop(job.id()).orElseThrow().state()).isEqualTo(BulkJob.State.STOPPED);
            time.advance(Duration.ofSeconds(5));
            work(jobs);

            assertThat(read(jobs, job).state()).isEqualTo(BulkJob.State.STOPPED);
            assertThat(jobs.stop(job.id()).orElseThrow().state()).isEqualTo(BulkJob.State.STOPPED);
            assertThat(jobs.stop("none")).isEmpty();
            assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 3L));
        }
    }

    @Test
    void endsAfterTheChunkThatItIsAtWhenItIsStopped() throws Exception {
        try (FaultyStore store = open(time)) {
            submit(store, "report", 2_300);
            Jobs jobs = jobs(store);
            BulkJob job = jobs.submit(request(TaskAction.CANCEL, "type:report", Duration.ZERO));
            boolean[] isStopped = {false};
            store.set((method, call) -> {
                if (method.equals("change") && !isStopped[0]) {
                    isStopped[0] = true;
                    assertThat(jobs.stop(job.id()).orElseThrow().state()).isEqualTo(BulkJob.State.STOPPING);
                }
                return call.call();
            });

            work(jobs);

            BulkJob stopped = read(jobs, job);
            assertThat(stopped.state()).isEqualTo(BulkJob.State.STOPPED);
            assertThat(stopped.done()).isEqualTo(1_000);
            assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 1_000L, TaskState.READY, 1_300L));
        }
    }

    @Test
    void changesNothingWhenTheNumberIsNotTheExpectedOne() throws Exception {
        try (Store store = open(time)) {
            submit(store, "report", 1_010);
            Jobs jobs = jobs(store);

            assertThatThrownBy(() -> jobs.submit(expecting(999, Duration.ZERO)))
                    .isInstanceOf(ExpectedCountException.class)
                    .hasMessage("expectedCount is 999, expected 1010, give or take one in a hundred");
            assertThat(jobs.list()).isEmpty();
            BulkJob near = jobs.submit(expecting(1_000, Duration.ofSeconds(60)));
            submit(store, "report", 1);
            time.advance(Duration.ofSeconds(60));
            work(jobs);

            BulkJob failed = read(jobs, near);
            assertThat(failed.state()).isEqualTo(BulkJob.State.FAILED);
            assertThat(failed.total()).isEqualTo(1_011);
            assertThat(failed.reason()).contains("expectedCount is 1000, expected 1011, give or take one in a hundred");
            assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1_011L));
        }
    }

    @Test
    void listsWhatHadChangedMeanwhile() throws Exception {
        try (FaultyStore store = open(time)) {
            submit(store, "report", 5);
            Jobs jobs = jobs(store);
            BulkJob job = jobs.submit(request(TaskAction.priority(new Priority(2)), "type:report", Duration.ZERO));
            List<TaskId> ids = store.tasks().ids(TaskFilter.of(TaskState.READY), Optional.empty(), 2);
            store.set((method, call) -> {
                if (method.equals("change")) {
                    store.heal();
                    store.tasks().change(ids, TaskAction.CANCEL);
                }
                return call.call();
            });

            work(jobs);

            BulkJob done = read(jobs, job);
            assertThat(done.done()).isEqualTo(3);
            assertThat(done.skipped()).isEqualTo(2);
            assertThat(done.skippedTasks()).isEqualTo(ids);
        }
    }

    @Test
    void keepsTheLastHundredJobs() throws Exception {
        try (Store store = open(time)) {
            Jobs jobs = jobs(store);
            BulkJob first = jobs.submit(request(TaskAction.CANCEL, "type:none", Duration.ofSeconds(60)));
            for (int i = 1; i < 100; i++) {
                jobs.submit(request(TaskAction.CANCEL, "type:none", Duration.ofSeconds(60)));
            }
            BulkJobRequest more = request(TaskAction.CANCEL, "type:none", Duration.ZERO);
            assertThatThrownBy(() -> jobs.submit(more)).isInstanceOf(CapacityException.class);
            jobs.stop(first.id());

            BulkJob last = jobs.submit(more);

            assertThat(jobs.list()).hasSize(100);
            assertThat(jobs.find(first.id())).isEmpty();
            assertThat(jobs.find(last.id())).isPresent();
        }
    }

    @Test
    @Tag("slow")
    void cancelsAHundredThousandTasksInTenSeconds() throws Exception {
        try (Store store = open(TimeSource.system())) {
            submit(store, "report", 100_000);
            Jobs jobs = jobs(store, TimeSource.system());
            BulkJob job = jobs.submit(expecting(100_000, Duration.ZERO));

            long start = System.nanoTime();
            while (!read(jobs, job).state().isEnded()) {
                work(jobs);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            System.out.println("a job cancelled 100000 tasks in " + took.toMillis() + " ms (SQLite)");
            assertThat(changed).hasSize(100_000).doesNotHaveDuplicates();
            assertThat(took).isLessThan(Duration.ofSeconds(10));
        }
    }
}
