package dev.architect.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.FencingToken;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskIdTest {

    @Test
    void isThirteenCharactersThatReadBack() {
        for (long value : new long[] {0, 1, 31, 32, 1L << 53, Long.MAX_VALUE}) {
            TaskId id = new TaskId(value);

            assertThat(id.toString()).hasSize(13);
            assertThat(TaskId.parse(id.toString())).isEqualTo(id);
        }
    }

    @Test
    void sortsAsTextAsItSortsAsNumber() {
        TaskId earlier = TaskId.of(5, 3, 255);
        TaskId later = TaskId.of(6, 0, 0);

        assertThat(earlier).isLessThan(later);
        assertThat(earlier.toString()).isLessThan(later.toString());
        assertThat(earlier.shard()).isEqualTo(255);
    }

    @Test
    void refusesWhatIsNoId() {
        assertThatThrownBy(() -> TaskId.parse("abc")).hasMessage("task id has 3 characters, expected 13");
        assertThatThrownBy(() -> TaskId.parse("000000000000u")).hasMessageContaining("'u' at position 12");
        assertThatThrownBy(() -> TaskId.parse("8000000000000")).hasMessageContaining("'8' at position 0");
        assertThatThrownBy(() -> TaskId.of(1L << 45, 0, 0)).hasMessageContaining("2^45-1");
    }

    @Test
    void holdsTheLargestPartsSideBySide() {
        assertThat(TaskId.of((1L << 45) - 1, 1_023, 255)).isEqualTo(new TaskId(Long.MAX_VALUE));
        assertThat(TaskId.of(0, 0, 0)).isEqualTo(new TaskId(0));
        assertThat(TaskId.of(0, 1, 2)).isEqualTo(new TaskId((1 << 8) + 2));
        assertThatThrownBy(() -> TaskId.of(0, 1_024, 0)).hasMessageContaining("expected 0..1023");
        assertThatThrownBy(() -> TaskId.of(0, 0, 256)).hasMessageContaining("expected 0..255");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000, 16_384})
    void idsInARowFallIntoDifferentPlacesOfHashTables(int ids) {
        // Twice as many places as ids, as sets that cannot be changed have; the same number of ids at random fills 39 %
        // of them.
        Set<Integer> ofIds = new HashSet<>();
        Set<Integer> ofTokens = new HashSet<>();
        for (int number = 1; number <= ids; number++) {
            TaskId id = TaskId.of(number, 0, 7);
            ofIds.add(Math.floorMod(id.hashCode(), 2 * ids));
            ofTokens.add(Math.floorMod(new FencingToken(id, 1, 3).hashCode(), 2 * ids));
        }

        assertThat(ofIds).hasSizeGreaterThan(7 * ids / 10);
        assertThat(ofTokens).hasSizeGreaterThan(7 * ids / 10);
    }
}
