package dev.architect.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneShare;
import dev.architect.lane.LaneStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which lanes a node claims from, where some have pinned tasks. */
final class LaneBoardTest {

    private static final int SLOTS = 120;

    private static final class Counts implements LaneStore {
        private final List<LaneCount> counts = new ArrayList<>();
        private Runnable onLook = () -> {};

        private void add(Lane lane) {
            add(lane, "work");
        }

        private void add(Lane lane, String type) {
            counts.add(new LaneCount(lane, type, TaskState.READY, 1_000));
        }

        @Override
        public void save(LaneSettings settings) {
            throw new IllegalStateException("settings were saved, expected none");
        }

        @Override
        public boolean change(LaneSettings settings, LaneSettings expected) {
            throw new IllegalStateException("settings were changed, expected none");
        }

        @Override
        public boolean remove(LaneScope scope) {
            return false;
        }

        @Override
        public List<LaneSettings> settings() {
            return List.of();
        }

        @Override
        public List<LaneCount> counts() {
            onLook.run();
            return counts;
        }
    }

    private static final class Clock implements TimeSource {
        private long now;

        @Override
        public Instant wallTime() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(Duration duration) {
            now += duration.toNanos();
        }

        @Override
        public WakeUp newWakeUp() {
            throw new IllegalStateException("a board was to wait, expected it never to");
        }

        @Override
        public long random(long bound) {
            return 0;
        }
    }

    private static Map<String, Integer> byTenant(List<LaneShare> shares) {
        return shares.stream()
                .collect(
                        Collectors.groupingBy(share -> share.lane().tenant(), Collectors.summingInt(LaneShare::limit)));
    }

    @Test
    void lanesOfPinnedTasksShareTheWeightOfTheirTenant() {
        Counts store = new Counts();
        for (int bucket = 0; bucket < 20; bucket++) {
            store.add(new Lane("q", "pinning", "llm@" + bucket));
        }
        store.add(new Lane("q", "other", "llm"));
        LaneBoard board = new LaneBoard(store, TimeSource.system(), "llm");
        board.refresh();

        Map<String, Integer> shares = byTenant(board.next(SLOTS, Set.of(), lane -> true, (lane, type) -> true));

        assertThat(shares.get("other")).isBetween(SLOTS / 2 - 10, SLOTS / 2 + 10);
        assertThat(shares.get("pinning")).isBetween(SLOTS / 2 - 10, SLOTS / 2 + 10);
    }

    @Test
    void asksForNothingOfLanesThatAreNotItsOwnOrOfAnotherKind() {
        Counts store = new Counts();
        Lane own = new Lane("q", "t", "llm@3");
        store.add(own);
        store.add(new Lane("q", "t", "llm@4"));
        store.add(new Lane("q", "t", "browser@3"));
        LaneBoard board = new LaneBoard(store, TimeSource.system(), "llm");
        board.refresh();
        board.hint(List.of(new Lane("q", "t", "llm@4"), new Lane("q", "t", "browser@3")));

        assertThat(board.next(SLOTS, Set.of(), lane -> lane.pin().orElse(3) == 3, (lane, type) -> true))
                .extracting(LaneShare::lane)
                .containsExactly(own);
    }

    /** Then the node claims before it looks: most often what a hint is about is in the lane that it need not know. */
    @Test
    void knowsNothingUntilALaneIsCountedOrHintedAt() {
        Counts store = new Counts();
        Clock clock = new Clock();
        LaneBoard board = new LaneBoard(store, clock, "llm");
        Lane lane = new Lane("q", "t", "llm");
        board.refresh();
        board.hint();
        assertThat(board.isNothingKnown()).isTrue();

        board.hint(List.of(lane));
        assertThat(board.isNothingKnown()).isFalse();
        assertThat(board.next(SLOTS, Set.of(), each -> true, (each, type) -> true))
                .extracting(LaneShare::lane)
                .containsExactly(lane);
        assertThat(board.isNothingKnown()).isTrue();

        store.add(lane);
        clock.sleep(LaneBoard.INTERVAL);
        board.refresh();
        assertThat(board.isNothingKnown()).isFalse();
    }

    /** Half a minute, in which its process stood still, would be followed by a rest of ten minutes. */
    @Test
    void looksAgainSoonAfterALookThatTookLong() {
        Counts store = new Counts();
        Clock clock = new Clock();
        LaneBoard board = new LaneBoard(store, clock, "llm");
        store.onLook = () -> clock.sleep(Duration.ofSeconds(30));
        board.refresh();
        store.onLook = () -> {};
        Lane found = new Lane("q", "t", "llm");
        store.add(found);

        clock.sleep(Duration.ofMillis(4_999));
        board.refresh();
        assertThat(board.next(SLOTS, Set.of(), lane -> true, (lane, type) -> true))
                .extracting(LaneShare::lane)
                .doesNotContain(found);
        clock.sleep(Duration.ofMillis(1));
        board.refresh();

        assertThat(board.next(SLOTS, Set.of(), lane -> true, (lane, type) -> true))
                .extracting(LaneShare::lane)
                .containsExactly(found);
    }

    /** Where their queue has one place left, such a lane would be given it again and again. */
    @Test
    void leavesOutLanesWhoseTasksTheNodeDoesNotPerform() {
        Counts store = new Counts();
        Lane strange = new Lane("q", "a", "llm");
        Lane mixed = new Lane("q", "b", "llm");
        store.add(strange, "other");
        store.add(mixed, "other");
        store.add(mixed, "work");
        LaneBoard board = new LaneBoard(store, TimeSource.system(), "llm");
        board.refresh();

        assertThat(board.next(SLOTS, Set.of(), lane -> true, (lane, type) -> type.equals("work")))
                .extracting(LaneShare::lane)
                .containsExactly(mixed);
        board.hint(List.of(strange));
        assertThat(board.next(SLOTS, Set.of(), lane -> true, (lane, type) -> type.equals("work")))
                .as("a hint says nothing about types")
                .extracting(LaneShare::lane)
                .containsExactlyInAnyOrder(strange, mixed);
    }
}
