package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.spi.TaskStore;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * That no level starves: whatever arrives, a task is overtaken only by those that became ready less than thirty seconds later for each level that
 * they are more urgent. Of the lowest level that is 270 seconds. Random loads, half of them more than the slots can do, in virtual time.
 */
final class AgingPropertyTest {

    private static final int SEEDS = 100;
    private static final Duration SPAN = Duration.ofMinutes(20);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int LEAST_URGENT = 9;
    private static final String TYPE = "work";

    private record Waiting(long readyAt, int level) {}

    private record Run(ClaimedTask task, long end) {}

    /** One store under one load. */
    private static final class Load {
        private final ManualTime time = new ManualTime();
        private final SplittableRandom random;
        private final int slots;
        private final double arrivals;
        private final double urgentShare;
        private final Map<TaskId, Waiting> waiting = new TreeMap<>();
        private final PriorityQueue<Run> runs = new PriorityQueue<>(Comparator.comparingLong(Run::end));
        private int lowest;

        private Load(long seed) {
            random = new SplittableRandom(seed);
            slots = 1 + random.nextInt(8);
            // In the mean a task takes ten seconds, so this is from a fifth of what the slots can do to twice as much.
            arrivals = slots / 10.0 * (0.2 + 1.8 * random.nextDouble());
            urgentShare = random.nextDouble();
        }

        private void run() {
            try (InMemoryStore store = new InMemoryStore(time)) {
                TaskStore tasks = store.tasks();
                long node = store.nodes().join("node");
                for (long now = 0; now < SPAN.toSeconds(); now++) {
                    submit(tasks, now);
                    end(tasks, now);
                    claim(tasks, node, now);
                    time.advance(STEP);
                }
            }
        }

        private void submit(TaskStore tasks, long now) {
            int count = (int) arrivals + (random.nextDouble() < arrivals % 1 ? 1 : 0);
            for (int i = 0; i < count; i++) {
                int level = random.nextDouble() < urgentShare ? 0 : random.nextInt(10);
                TaskId id = tasks.submit(List.of(TaskRequest.of(TYPE, "p").withPriority(new Priority(level))))
                        .get(0);
                waiting.put(id, new Waiting(now, level));
            }
        }

        private void end(TaskStore tasks, long now) {
            List<AttemptEnd> ends = new ArrayList<>();
            while (!runs.isEmpty() && runs.peek().end() <= now) {
                ends.add(new AttemptEnd(
                        runs.remove().task().fencingToken(),
                        "llm-1",
                        time.wallTime(),
                        time.wallTime(),
                        AttemptOutcome.SUCCEEDED,
                        TaskState.DONE,
                        Duration.ZERO,
                        AttemptResult.output("")));
            }
            tasks.finish(ends);
        }

        private void claim(TaskStore tasks, long node, long now) {
            int free = slots - runs.size();
            for (ClaimedTask claimed : tasks.claim(new ClaimRequest(node, free, Map.of(TYPE, free)))) {
                Waiting taken = waiting.remove(claimed.fencingToken().id());
                for (Waiting left : waiting.values()) {
                    long mayOvertake = TaskStore.AGING.toSeconds() * Math.max(0, left.level() - taken.level());
                    long later = taken.readyAt() - left.readyAt();
                    assertThat(later <= 0 || later < mayOvertake)
                            .as("%s was taken before %s after %s s", taken, left, now)
                            .isTrue();
                }
                lowest += taken.level() == LEAST_URGENT ? 1 : 0;
                runs.add(new Run(claimed, now + 1 + random.nextInt(20)));
            }
        }
    }

    @Test
    void aTaskIsOvertakenOnlyByWorkThatCameSoonAfterIt() {
        int lowest = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Load load = new Load(seed);
            load.run();
            lowest += load.lowest;
        }

        assertThat(lowest).as("tasks of the lowest level that were begun").isGreaterThan(SEEDS);
    }
}
