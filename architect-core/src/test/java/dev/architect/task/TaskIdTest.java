package dev.architect.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

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
}
