package dev.architect.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.event.ActivityEntry;
import dev.architect.task.TaskId;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Entries that repeat, on manual time. */
final class ActivityRepeatsTest {

    private final ManualTime time = new ManualTime();
    private final ActivityRepeats repeats = new ActivityRepeats(time);
    private final List<String> log = new ArrayList<>();

    private void happens(String kind, String text) {
        ActivityEntry entry = new ActivityEntry(0, time.wallTime(), kind, Optional.of(new TaskId(1)), text);
        if (repeats.isWritten(entry)) {
            log.add(entry.text());
        }
    }

    private void passes(Duration duration) {
        time.advance(duration);
        repeats.due().forEach(entry -> log.add(entry.text()));
    }

    @Test
    void writesThreeOfASortAndCountsTheRestOfTheMinute() {
        for (int i = 0; i < 500; i++) {
            happens("task-dead", "Task " + i + " is dead.");
        }
        happens("breaker-changed", "Breaker of claude is OPEN.");
        passes(Duration.ofSeconds(59));
        assertThat(log)
                .containsExactly("Task 0 is dead.", "Task 1 is dead.", "Task 2 is dead.", "Breaker of claude is OPEN.");

        passes(Duration.ofSeconds(1));

        assertThat(log).last().isEqualTo("497 more within 1 min, the last: Task 499 is dead.");
        assertThat(log).hasSize(5);
    }

    @Test
    void anHourOfFailuresTakesAFewEntries() {
        for (int second = 0; second < 3_600; second++) {
            happens("call-failed", "Call to claude/x FAILED: OVERLOADED.");
            passes(Duration.ofSeconds(1));
        }

        assertThat(log).hasSizeBetween(7, 12);
    }

    @Test
    void aSortThatPausedIsNewAgain() {
        for (int i = 0; i < 10; i++) {
            happens("task-dead", "Task is dead.");
        }
        passes(Duration.ofMinutes(1));
        passes(Duration.ofMinutes(2));
        log.clear();

        happens("task-dead", "Task is dead.");

        assertThat(log).containsExactly("Task is dead.");
    }

    @Test
    void keepsTheOneThatCameAfterTheThirdAsItIs() {
        for (int i = 0; i < 4; i++) {
            happens("task-dead", "Task is dead.");
        }
        passes(Duration.ofMinutes(1));

        assertThat(log).hasSize(4).containsOnly("Task is dead.");
    }

    @Test
    void countsEverySortOfAKindThatHasTooManyAsOne() {
        for (char first = 'a'; first <= 'z'; first++) {
            for (char second = 'a'; second <= 'z'; second++) {
                happens("attempt-ended", "Attempt 1 FAILED: " + first + second);
            }
        }

        assertThat(log).hasSize(20 + 3);
        assertThat(repeats.rest())
                .singleElement()
                .extracting(ActivityEntry::text)
                .isEqualTo("653 more within 1 min, the last: Attempt 1 FAILED: zz");
    }

    @Test
    void theRestIsWrittenAtTheEnd() {
        for (int i = 0; i < 5; i++) {
            happens("task-dead", "Task is dead.");
        }

        assertThat(repeats.rest())
                .extracting(ActivityEntry::text)
                .containsExactly("2 more within 1 min, the last: Task is dead.");
        assertThat(repeats.rest()).isEmpty();
    }
}
