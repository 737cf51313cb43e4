package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.event.ActivityEntry;
import dev.architect.spi.ActivityStore;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The activity log of a store. */
abstract class StoreActivityCases extends StoreCases {

    StoreActivityCases(StoreContract contract) {
        super(contract);
    }

    private ActivityEntry entry(String text) {
        return new ActivityEntry(0, time.wallTime(), "task-submitted", Optional.empty(), text);
    }

    @Test
    void keepsEveryFieldAndAssignsTheSequence() {
        TaskId task = new TaskId(42);
        store().activity()
                .append(List.of(new ActivityEntry(
                        0, time.wallTime(), "task-ended", Optional.ofNullable(task), "ended: \"ü\"")));
        store().activity().append(List.of(entry("second")));

        List<ActivityEntry> newest = store().activity().newest(Long.MAX_VALUE, 500);

        assertThat(newest).hasSize(2);
        assertThat(newest.get(0).text()).isEqualTo("second");
        assertThat(newest.get(0).task()).isEmpty();
        ActivityEntry first = newest.get(1);
        assertThat(first)
                .isEqualTo(new ActivityEntry(
                        first.sequence(), time.wallTime(), "task-ended", Optional.ofNullable(task), "ended: \"ü\""));
        assertThat(first.sequence()).isPositive().isLessThan(newest.get(0).sequence());
    }

    @Test
    void pagesNewestFirstInTheOrderOfAppending() {
        store().activity()
                .append(IntStream.range(0, 7).mapToObj(i -> entry("e" + i)).toList());
        time.advance(Duration.ofSeconds(1));
        store().activity().append(List.of(entry("e7"), entry("e8")));

        List<String> seen = new ArrayList<>();
        List<ActivityEntry> page = store().activity().newest(Long.MAX_VALUE, 4);
        while (!page.isEmpty()) {
            page.forEach(entry -> seen.add(entry.text()));
            page = store().activity().newest(page.get(page.size() - 1).sequence(), 4);
        }

        assertThat(seen).containsExactly("e8", "e7", "e6", "e5", "e4", "e3", "e2", "e1", "e0");
    }

    @Test
    void pagesOldestFirstFromAnEntryOn() {
        store().activity()
                .append(IntStream.range(0, 7).mapToObj(i -> entry("e" + i)).toList());
        List<ActivityEntry> all = store().activity().newest(Long.MAX_VALUE, 500);
        long second = all.get(5).sequence();

        assertThat(store().activity().following(Set.of(), second, 3))
                .extracting(ActivityEntry::text)
                .containsExactly("e2", "e3", "e4");
        assertThat(store().activity().following(Set.of(all.get(0).kind(), "no-such-kind"), second, 500))
                .extracting(ActivityEntry::text)
                .containsExactly("e2", "e3", "e4", "e5", "e6");
        assertThat(store().activity().following(Set.of("no-such-kind"), 0, 500)).isEmpty();
        assertThat(store().activity().following(Set.of(), all.get(0).sequence(), 500))
                .isEmpty();
    }

    @Test
    void pagesTheEntriesOfSomeKinds() {
        List<ActivityEntry> entries = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            entries.add(entry("routine " + i));
            if (i % 20 == 0) {
                entries.add(
                        new ActivityEntry(0, time.wallTime(), "task-dead", Optional.of(new TaskId(i)), "dead " + i));
                entries.add(new ActivityEntry(0, time.wallTime(), "node-left", Optional.empty(), "left " + i));
            }
        }
        store().activity().append(entries);

        List<ActivityEntry> first = store().activity().newest(Set.of("task-dead", "node-left"), Long.MAX_VALUE, 4);
        List<ActivityEntry> second = store().activity()
                .newest(Set.of("task-dead", "node-left"), first.get(3).sequence(), 4);

        assertThat(first).extracting(ActivityEntry::text).containsExactly("left 40", "dead 40", "left 20", "dead 20");
        assertThat(first.get(1).task()).contains(new TaskId(40));
        assertThat(second).extracting(ActivityEntry::text).containsExactly("left 0", "dead 0");
        assertThat(store().activity().newest(Set.of("no-such-kind"), Long.MAX_VALUE, 4))
                .isEmpty();
        assertThat(store().activity().newest(Set.of(), Long.MAX_VALUE, 1))
                .extracting(ActivityEntry::text)
                .containsExactly("routine 59");
    }

    @Test
    void rejectsInvalidReadingsOfKinds() {
        Set<String> tooMany = IntStream.rangeClosed(0, ActivityStore.MAX_KINDS)
                .mapToObj(i -> "kind-" + i)
                .collect(Collectors.toSet());

        assertThatThrownBy(() -> store().activity().newest(tooMany, Long.MAX_VALUE, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("51 kinds, expected at most 50");
        assertThatThrownBy(() -> store().activity().newest(Set.of("task-dead"), Long.MAX_VALUE, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit is 0, expected 1..500");
    }

    @Test
    void rejectsInvalidPageSizes() {
        assertThatThrownBy(() -> store().activity().newest(Long.MAX_VALUE, 501))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit is 501, expected 1..500");
        assertThatThrownBy(() -> store().activity().newest(Long.MAX_VALUE, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void acceptsAnEmptyAppend() {
        store().activity().append(List.of());

        assertThat(store().activity().newest(Long.MAX_VALUE, 1)).isEmpty();
    }
}
