package dev.architect.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.filter.Filter;
import dev.architect.filter.InvalidFilterException;
import dev.architect.filter.NameFilter;
import dev.architect.filter.TimeRange;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskFilterReaderTest {

    private static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");

    private static TaskFilterReader read(String text) {
        return new TaskFilterReader(Filter.parse(text), ZoneOffset.UTC, NOW);
    }

    @Test
    void readsEveryField() {
        TaskFilterReader reader =
                read("state:ready,dead type:a,b -queue:night tenant:guest project:web created:2026-11-01..2026-11-02");
        TaskLanes lanes = new TaskLanes(NameFilter.of("a", "b"), NameFilter.except("night"), NameFilter.of("guest"));
        Optional<Instant> from = Optional.of(Instant.parse("2026-11-01T00:00:00Z"));
        Optional<Instant> before = Optional.of(Instant.parse("2026-11-03T00:00:00Z"));
        Set<TaskState> states = Set.of(TaskState.READY, TaskState.DEAD);
        Optional<ProjectId> project = Optional.of(new ProjectId("web"));

        assertThat(reader.query(20))
                .isEqualTo(new TaskQuery(
                        states, lanes, project, from, before, Optional.empty(), 20, TaskQuery.Order.NEWEST_FIRST));
        assertThat(reader.filter(Set.of(TaskState.HELD)))
                .isEqualTo(new TaskFilter(states, lanes, project, new TimeRange(from, before)));
    }

    @Test
    void takesAllButSomeStates() {
        assertThat(read("-state:done,cancelled").states())
                .isEqualTo(EnumSet.complementOf(EnumSet.of(TaskState.DONE, TaskState.CANCELLED)));
    }

    @Test
    void passesEverythingWhenNothingIsNamed() {
        assertThat(read("").query(7)).isEqualTo(TaskQuery.newest(7));
        assertThat(read("").states()).isEmpty();
        assertThat(read("").filter(Set.of(TaskState.HELD))).isEqualTo(TaskFilter.of(TaskState.HELD));
    }

    @Test
    void refusesWhatLeavesNoState() {
        String all = Arrays.stream(TaskState.values())
                .map(state -> state.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));

        assertThatThrownBy(() -> read("type:a -state:" + all))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("at position 8")
                .hasMessageEndingWith("expected a state that is left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"priority:3", "label:a", "cost:>1", "text"})
    void refusesWhatNoIndexFinds(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        InvalidFilterException.class,
                        wrong -> assertThat(wrong.kind()).isEqualTo(InvalidFilterException.Kind.NO_INDEX));
    }

    @Test
    void refusesTheNameOfNoProject() {
        assertThatThrownBy(() -> read("project:\"\""))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("expected the name of a project");
    }
}
