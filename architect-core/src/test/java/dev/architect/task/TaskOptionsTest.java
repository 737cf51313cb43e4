package dev.architect.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.submission.TaskSubmission;
import dev.architect.task.ParentTask.OnFailure;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TaskOptionsTest {

    private static final TaskId PARENT = TaskId.of(7, 0, 3);

    private static final TaskOptions FULL = TaskOptions.DEFAULT
            .withQueue("nightly")
            .withSessionKind("terminal")
            .withLimitKey("repo:ä\"")
            .withUniqueKey(UniqueKey.replacing("report 7"))
            .withExpiry(Duration.ofHours(2))
            .withTimeLimits(TimeLimits.NONE
                    .withSoft(Duration.ofSeconds(50))
                    .withTotal(Duration.ofDays(2))
                    .withNoHeartbeat(Duration.ofMillis(1_500)))
            .withParents(List.of(new ParentTask(PARENT, OnFailure.PROCEED)));

    @Test
    void isReadAsItWasWritten() {
        assertThat(TaskOptions.parse(FULL.text())).isEqualTo(FULL);
        assertThat(TaskOptions.DEFAULT.text()).isEqualTo("{}");
        assertThat(TaskOptions.parse("{}")).isEqualTo(TaskOptions.DEFAULT);
    }

    @Test
    void affinityAndPinAreReadAsTheyWereWritten() {
        TaskOptions preferred = FULL.withAffinity("repo:ä");
        TaskOptions pinned = FULL.withPin("repo:ä");

        assertThat(TaskOptions.parse(preferred.text())).isEqualTo(preferred);
        assertThat(TaskOptions.parse(pinned.text())).isEqualTo(pinned).isNotEqualTo(preferred);
        assertThat(pinned.withQueue("q").withTenant("t").withLimitKey("k").isPinned())
                .isTrue();
        assertThat(pinned.pin()).hasValue(AffinityBucket.of("repo:ä"));
        assertThat(preferred.pin()).isEmpty();
        assertThat(pinned.withAffinity("other").isPinned()).isFalse();
        assertThatThrownBy(() -> FULL.withAffinity(" ")).hasMessage("affinity is blank, expected text");
        assertThatThrownBy(() -> FULL.withPin("x".repeat(256)))
                .hasMessage("affinity has 256 characters, expected at most 255");
        assertThatThrownBy(() -> TaskOptions.parse("{\"pinned\":true}"))
                .hasMessage("pinned is true without an affinity, expected both");
    }

    /** Stores keep the bucket of a key: it is the same for ever. */
    @Test
    void theBucketOfAKeyNeverChanges() {
        assertThat(AffinityBucket.of("a")).isEqualTo(1);
        assertThat(AffinityBucket.of("repo-1")).isEqualTo(43);
        assertThat(AffinityBucket.of("ä")).isEqualTo(29);
        int[] keys = new int[AffinityBucket.COUNT];
        for (int i = 0; i < 64_000; i++) {
            keys[AffinityBucket.of("key-" + i)]++;
        }
        assertThat(IntStream.of(keys).boxed()).allMatch(count -> count > 800 && count < 1_200);
    }

    @Test
    void readsWhatANewerVersionHasWritten() {
        assertThat(TaskOptions.parse("{\"queue\":\"q\",\"inventedLater\":{\"a\":[1]}}"))
                .isEqualTo(TaskOptions.DEFAULT.withQueue("q"));
    }

    @Test
    void readsDurationsAsPeopleWriteThem() {
        assertThat(TaskOptions.parse("{\"expiresAfter\":\"90s\"}").expiresAfter())
                .contains(Duration.ofSeconds(90));
        assertThat(TaskOptions.parse("{\"expiresAfter\":\"7d\"}").expiresAfter())
                .contains(Duration.ofDays(7));
        assertThatThrownBy(() -> TaskOptions.parse("{\"onConflict\":\"replace\"}"))
                .hasMessage("onConflict is set without a uniqueKey, expected it beside one only");
        assertThatThrownBy(() -> TaskOptions.parse("{\"expiresAfter\":\"soon\"}"))
                .hasMessageContaining("expiresAfter is 'soon', expected a duration");
    }

    @Test
    void namesFieldValueAndExpectation() {
        TaskOptions options = TaskOptions.DEFAULT;
        assertThatThrownBy(() -> options.withQueue("No Spaces"))
                .hasMessageStartingWith("queue is 'No Spaces', expected 1 to 64 lower-case letters");
        assertThatThrownBy(() -> options.withSessionKind("")).hasMessageStartingWith("sessionKind is ''");
        assertThatThrownBy(() -> options.withLimitKey(" ")).hasMessage("limitKey is blank, expected text");
        assertThatThrownBy(() -> options.withExpiry(Duration.ZERO))
                .hasMessage("expiresAfter is PT0S, expected more than zero");
        assertThatThrownBy(() -> options.withExpiry(Duration.ofDays(367)))
                .hasMessage("expiresAfter is PT8808H, expected at most 366 days");
        assertThatThrownBy(() -> TimeLimits.NONE.withSoft(Duration.ofSeconds(-1)))
                .hasMessage("softTimeout is PT-1S, expected more than zero");
        assertThatThrownBy(() -> UniqueKey.rejecting("x".repeat(256)))
                .hasMessage("uniqueKey has 256 characters, expected at most 255");
        ParentTask parent = new ParentTask(PARENT, OnFailure.BLOCK);
        assertThatThrownBy(() -> options.withParents(List.of(parent, parent)))
                .hasMessage("parents has " + PARENT + " twice, expected each parent once");
        assertThatThrownBy(() -> TaskOptions.parse("{\"parents\":[{\"task\":\"7\"}]}"))
                .hasMessageContaining("parents[0].task is '7', expected the id of a task");
    }

    @Test
    void belongsToTheIdentityOfARequest() {
        TaskRequest request = TaskRequest.of("echo", "p");

        assertThat(TaskSubmission.of(request.withOptions(TaskOptions.DEFAULT)).requestHash())
                .isEqualTo(TaskSubmission.of(request).requestHash());
        assertThat(TaskSubmission.of(request.withOptions(FULL)).requestHash())
                .isNotEqualTo(TaskSubmission.of(request).requestHash());
    }
}
