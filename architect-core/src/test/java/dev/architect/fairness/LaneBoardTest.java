package dev.architect.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneShare;
import dev.architect.lane.LaneStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskState;
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

        private void add(Lane lane) {
            counts.add(new LaneCount(lane, "work", TaskState.READY, 1_000));
        }

        @Override
        public void save(LaneSettings settings) {
            throw new IllegalStateException("settings were saved, expected none");
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
            return counts;
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

        Map<String, Integer> shares = byTenant(board.next(SLOTS, Set.of(), lane -> true));

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

        assertThat(board.next(SLOTS, Set.of(), lane -> lane.pin().orElse(3) == 3))
                .extracting(LaneShare::lane)
                .containsExactly(own);
    }
}
