package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.recurring.CatchUp;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleNotFoundException;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.UniqueKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Schedules of whole engines: made, changed, fired by whichever node holds the role, and run to their ends. */
final class SchedulesTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "report");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static ScheduleRequest everyMinute(String name) {
        return ScheduleRequest.cron(name, "* * * * *", ZoneOffset.UTC, WORK);
    }

    @Test
    void aScheduleSubmitsItsTaskAtEachInstant() throws Exception {
        AtomicInteger performed = new AtomicInteger();
        Architect architect = start(context -> "report " + performed.incrementAndGet());

        Schedule schedule = architect.schedules().save(everyMinute("report"));
        advanceUntil(() -> performed.get() == 3);

        Instant start = schedule.createdAt();
        assertThat(schedule.next()).contains(start.plus(MINUTE));
        List<ScheduleRun> runs = architect.schedules().runs("report", 10);
        assertThat(runs)
                .extracting(ScheduleRun::instant)
                .containsExactly(
                        start.plus(MINUTE.multipliedBy(3)), start.plus(MINUTE.multipliedBy(2)), start.plus(MINUTE));
        assertThat(runs).allSatisfy(run -> {
            assertThat(Duration.between(run.instant(), run.firedAt())).isLessThan(Duration.ofSeconds(2));
            assertThat(run.note()).isEmpty();
        });
        advanceUntil(() -> architect
                .tasks()
                .find(runs.get(0).task().orElseThrow())
                .orElseThrow()
                .state()
                .isTerminal());
        expect(Event.TaskSubmitted.class, 3);
        assertThat(architect.schedules().next("report", 2))
                .containsExactly(start.plus(MINUTE.multipliedBy(4)), start.plus(MINUTE.multipliedBy(5)));
    }

    @Test
    void anotherNodeFiresAfterTheDeathOfTheOneThatDid() throws Exception {
        store.keepOpen();
        AtomicInteger performed = new AtomicInteger();
        Architect first =
                start(builder(context -> "done " + performed.incrementAndGet()).nodeName("first"));
        Architect other =
                start(builder(context -> "done " + performed.incrementAndGet()).nodeName("other"));
        first.schedules().save(everyMinute("report"));
        advanceUntil(() -> performed.get() == 1);

        memory.kill(first.nodes().incarnation().orElseThrow());
        advanceUntil(() -> performed.get() >= 4);

        assertThat(other.schedules().runs("report", 100))
                .extracting(ScheduleRun::instant)
                .doesNotHaveDuplicates();
        assertThat(memory.tasks().counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(other.schedules().runs("report", 100).size());
    }

    @Test
    void aPausedScheduleFiresNothingUntilItIsResumed() throws Exception {
        Architect architect = start(context -> "done");
        architect.schedules().save(everyMinute("report"));

        assertThat(architect.schedules().pause("report").isPaused()).isTrue();
        assertThat(architect.schedules().pause("report").isPaused()).isTrue();
        advanceBy(Duration.ofMinutes(5));
        assertThat(architect.schedules().runs("report", 10)).isEmpty();
        // It is changed and stays paused.
        Schedule changed = architect.schedules().save(everyMinute("report").withCatchUp(CatchUp.NONE));
        assertThat(changed.isPaused()).isTrue();

        Instant resumed = time.wallTime();
        Schedule schedule = architect.schedules().resume("report");
        assertThat(schedule.next().orElseThrow()).isAfter(resumed);
        advanceUntil(() -> !architect.schedules().runs("report", 10).isEmpty());
        assertThat(architect.schedules().runs("report", 10).get(0).instant())
                .isEqualTo(schedule.next().orElseThrow());
    }

    @Test
    void missedInstantsAreCaughtUpAfterAnOutage() throws Exception {
        store.keepOpen();
        Architect architect = start(context -> "done");
        Instant made = architect
                .schedules()
                .save(everyMinute("all").withCatchUp(CatchUp.all(5)))
                .createdAt();
        architect.schedules().save(everyMinute("last"));
        architect.schedules().save(everyMinute("none").withCatchUp(CatchUp.NONE));
        close(architect);
        Instant down = time.wallTime();
        time.advance(Duration.between(down, made.plus(Duration.ofHours(3))).plusSeconds(30));

        Architect next = start(context -> "done");
        advanceUntil(() -> next.schedules().runs("all", 100).size() >= 6);
        advanceUntil(() -> !next.schedules().runs("last", 100).isEmpty()
                && !next.schedules().runs("none", 100).isEmpty());

        List<ScheduleRun> all = next.schedules().runs("all", 100);
        assertThat(all.get(all.size() - 1).note()).isEqualTo(ScheduleFiring.AFTER_MISSED);
        assertThat(next.schedules().runs("none", 100))
                .extracting(ScheduleRun::instant)
                .allMatch(down::isBefore);
    }

    @Test
    void isRunByHandBesideItsInstants() throws Exception {
        Architect architect = start(context -> "by hand");
        Schedule made = architect.schedules().save(everyMinute("report"));
        architect.schedules().pause("report");

        TaskHandle handle = architect.schedules().runNow("report");
        TaskHandle again = architect.schedules().runNow("report");

        advanceUntil(() -> handle.result().isPresent());
        time.advance(Duration.ofSeconds(1));
        TaskHandle third = architect.schedules().runNow("report");
        assertThat(third.id()).isNotEqualTo(handle.id());
        assertThat(again.id()).isEqualTo(handle.id());
        assertThat(architect.schedules().runs("report", 10))
                .extracting(ScheduleRun::note)
                .containsOnly(ScheduleRun.BY_HAND);
        assertThat(architect.schedules().resume("report").next()).isEqualTo(made.next());
    }

    @Test
    void savingTheSameAgainChangesNothing() {
        Architect architect = start(context -> "done");
        Schedule made = architect.schedules().save(everyMinute("report"));

        assertThat(architect.schedules().save(everyMinute("report"))).isEqualTo(made);
        Schedule changed = architect
                .schedules()
                .save(ScheduleRequest.every("report", Duration.ofHours(1), WORK.withMaxAttempts(2)));
        assertThat(changed.id()).isEqualTo(made.id());
        assertThat(changed.next()).contains(made.createdAt().plus(Duration.ofHours(1)));
        assertThat(architect.schedules().list(Optional.empty(), 10)).containsExactly(changed);
        architect.schedules().delete("report");
        assertThat(architect.schedules().find("report")).isEmpty();
    }

    @Test
    void whatCannotBePerformedIsRefusedBeforeItIsKept() {
        Architect architect = start(context -> "done");

        assertThatThrownBy(() -> architect
                        .schedules()
                        .save(ScheduleRequest.every("report", MINUTE, TaskRequest.of("unknown", ""))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("task type is 'unknown'");
        assertThat(architect.schedules().list(Optional.empty(), 10)).isEmpty();
        for (String name : List.of("other", "")) {
            assertThatThrownBy(() -> architect.schedules().pause(name)).isInstanceOf(ScheduleNotFoundException.class);
            assertThatThrownBy(() -> architect.schedules().resume(name)).isInstanceOf(ScheduleNotFoundException.class);
            assertThatThrownBy(() -> architect.schedules().delete(name)).isInstanceOf(ScheduleNotFoundException.class);
            assertThatThrownBy(() -> architect.schedules().runNow(name)).isInstanceOf(ScheduleNotFoundException.class);
            assertThatThrownBy(() -> architect.schedules().next(name, 1)).isInstanceOf(ScheduleNotFoundException.class);
            assertThatThrownBy(() -> architect.schedules().runs(name, 1)).isInstanceOf(ScheduleNotFoundException.class);
        }
    }

    @Test
    void aTaskThatIsRefusedIsNotedAndTheScheduleGoesOn() throws Exception {
        Architect architect = start(context -> "done");
        Schedule made = architect.schedules().save(everyMinute("report"));
        TaskSubmission taken = ScheduleFiring.due(made, made.next().orElseThrow())
                .submissions()
                .get(0);
        memory.tasks()
                .submitOnce(List.of(TaskSubmission.of(
                        TaskRequest.of("work", "another"), taken.key().orElseThrow())));

        advanceUntil(() -> architect.schedules().runs("report", 10).size() == 2);

        List<ScheduleRun> runs = architect.schedules().runs("report", 10);
        assertThat(runs.get(1).task()).isEmpty();
        assertThat(runs.get(1).note()).isNotBlank();
        assertThat(runs.get(0).task()).isPresent();
    }

    @Test
    void oneOfSeveralInstantsThatAreDueAtOnceIsSubmittedWhenAllHaveOneKey() throws Exception {
        Architect architect = start(context -> "done");
        TaskRequest alone = WORK.withOptions(
                TaskOptions.DEFAULT.withUniqueKey(new UniqueKey("report", UniqueKey.OnConflict.REJECT)));
        Schedule made = architect.schedules().save(ScheduleRequest.every("report", Duration.ofSeconds(10), alone));
        store.set((method, call) -> {
            if (method.equals("due")
                    && time.wallTime().isBefore(made.createdAt().plusSeconds(35))) {
                throw new StoreException(StoreException.Kind.FAILED, "down", null);
            }
            return call.call();
        });

        advanceUntil(() -> architect.schedules().runs("report", 10).size() >= 3);

        List<ScheduleRun> runs = architect.schedules().runs("report", 10);
        ScheduleRun first = runs.get(runs.size() - 1);
        assertThat(first.instant()).isEqualTo(made.createdAt().plusSeconds(10));
        assertThat(first.task()).isPresent();
        assertThat(runs).extracting(ScheduleRun::instant).doesNotHaveDuplicates();
    }

    @Test
    void aReplyThatIsLostSubmitsNothingTwice() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        store.set((method, call) -> {
            Object result = call.call();
            if (method.equals("fire") && lost.incrementAndGet() % 2 == 1) {
                throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "test", null);
            }
            return result;
        });
        Architect architect = start(context -> "done");
        architect.schedules().save(everyMinute("report"));

        advanceUntil(() -> architect.schedules().runs("report", 10).size() == 4);

        assertThat(architect.schedules().runs("report", 10))
                .extracting(ScheduleRun::instant)
                .doesNotHaveDuplicates();
        assertThat(memory.tasks().counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(4);
    }
}
