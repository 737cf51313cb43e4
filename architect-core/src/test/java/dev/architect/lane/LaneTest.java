package dev.architect.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.lane.Lane.TypeInLane;
import dev.architect.task.AffinityBucket;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lanes, of pinned tasks as well. */
final class LaneTest {

    private static final TaskRequest PINNED =
            TaskRequest.of("work", "p").withOptions(TaskOptions.DEFAULT.withPin("repo-1"));

    @Test
    void pinnedTasksHaveALaneForEachBucket() {
        Lane lane = Lane.of(PINNED);

        assertThat(lane.kind()).isEqualTo("llm");
        assertThat(lane.pin()).hasValue(AffinityBucket.of("repo-1"));
        assertThat(lane).isNotEqualTo(Lane.DEFAULT);
        assertThat(TypeInLane.parse(TypeInLane.of(PINNED).text())).isEqualTo(TypeInLane.of(PINNED));
        assertThat(LaneScope.of("default").has(lane)).isTrue();
    }

    @Test
    void anAffinityKeyAloneIsInNoLaneOfItsOwn() {
        TaskRequest preferred = PINNED.withOptions(TaskOptions.DEFAULT.withAffinity("repo-1"));

        assertThat(Lane.of(preferred)).isEqualTo(Lane.DEFAULT);
        assertThat(Lane.DEFAULT.pin()).isEmpty();
        assertThat(Lane.DEFAULT.kind()).isEqualTo("llm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llm@64", "llm@-1", "llm@", "llm@x", "@3", "llm@03", "llm@1@2"})
    void refusesWhatIsNoBucket(String needs) {
        assertThatThrownBy(() -> new Lane("q", "t", needs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sessionKind is '");
    }
}
