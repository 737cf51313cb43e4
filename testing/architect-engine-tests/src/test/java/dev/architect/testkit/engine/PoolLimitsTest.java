package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.event.ActivityEntry;
import dev.architect.event.Event;
import dev.architect.node.PoolSettings;
import dev.architect.node.StaleDocumentException;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Limits of session pools that are changed while they run, with whole engines. */
final class PoolLimitsTest extends EngineFixture {

    private final CountDownLatch mayEnd = new CountDownLatch(1);

    private Architect node(String name, PoolLimits limits) {
        return start(builder(context -> {
                    mayEnd.await();
                    return "done";
                })
                .nodeName(name)
                .pool(limits));
    }

    private static List<TaskRequest> slow(int count) {
        return Stream.generate(() -> TaskRequest.of("work", "slow").withTimeout(LONG))
                .limit(count)
                .toList();
    }

    private static List<String> names(Architect architect) {
        return architect.sessions().list().stream().map(SessionInfo::name).toList();
    }

    private static PoolSettings set(Architect architect, Integer min, Integer max, Integer slots) {
        return architect
                .sessions()
                .setPool(architect
                        .sessions()
                        .poolSettings("llm")
                        .withMinSessions(Optional.ofNullable(min))
                        .withMaxSessions(Optional.ofNullable(max))
                        .withSlotsPerSession(Optional.ofNullable(slots)));
    }

    @Test
    void aRaisedMinimumOpensSessionsOnEveryNodeAndTheConfigurationTakesThemBack() throws Exception {
        store.keepOpen();
        Architect one = node("one", new PoolLimits(1, 2, 1));
        Architect two = node("two", new PoolLimits(2, 9, 1));

        PoolSettings saved = set(one, 3, null, null);

        assertThat(saved.version()).isEqualTo(1);
        // A minimum above the maximum raises it.
        advanceUntil(() -> names(one).size() == 3 && names(two).size() == 3);
        assertThat(one.sessions().limits("llm")).contains(new PoolLimits(3, 3, 1));
        assertThat(two.sessions().limits("llm")).contains(new PoolLimits(3, 9, 1));
        assertThat(one.sessions().configuredLimits("llm")).contains(new PoolLimits(1, 2, 1));
        assertThat(two.sessions().poolSettings()).isEqualTo(Map.of("llm", saved));
        assertThatThrownBy(() -> two.sessions().setPool(PoolSettings.none("llm")))
                .isInstanceOf(StaleDocumentException.class);

        assertThat(set(two, null, null, null).isEmpty()).isTrue();
        advanceUntil(() -> names(one).size() == 2);
        assertThat(one.sessions().limits("llm")).contains(new PoolLimits(1, 2, 1));
        assertThat(one.sessions().limits("browser")).isEmpty();
    }

    @Test
    void aLoweredMaximumLetsTheYoungestSessionsEnd() throws Exception {
        Architect architect = node("one", new PoolLimits(1, 4, 1));
        List<TaskHandle> tasks = architect.tasks().submitAll(slow(6));
        advanceUntil(() -> architect.sessions().runningAttempts() == 4);

        set(architect, null, 2, null);
        await(Event.SessionDraining.class);
        await(Event.SessionDraining.class);

        // What runs goes on.
        assertThat(architect.sessions().runningAttempts()).isEqualTo(4);
        mayEnd.countDown();
        advanceUntil(() -> tasks.stream().allMatch(task -> task.result().isPresent()));
        advanceUntil(() -> names(architect).size() <= 2);
        assertThat(names(architect)).contains("llm-1");
        advanceUntil(() -> architect.activity().newest(50).stream()
                .map(ActivityEntry::text)
                .toList()
                .contains("Session llm-4 takes nothing more, to end."));
    }

    @Test
    void fewerSlotsAreFilledNoMoreThanTheyAllowAndMoreAtOnce() throws Exception {
        Architect architect = node("one", new PoolLimits(1, 1, 4));
        List<TaskHandle> running = architect.tasks().submitAll(slow(3));
        advanceUntil(() -> architect.sessions().runningAttempts() == 3);

        set(architect, null, null, 2);
        advanceUntil(() -> architect.sessions().list().get(0).slots() == 3);
        List<TaskHandle> more = architect.tasks().submitAll(slow(9));
        advanceBy(Duration.ofSeconds(5));
        assertThat(architect.sessions().runningAttempts()).isEqualTo(3);

        // What is beyond the slots ends in its own time, and is not replaced.
        assertThat(architect.sessions().limits("llm")).contains(new PoolLimits(1, 1, 2));
        set(architect, null, null, 8);
        advanceUntil(() -> architect.sessions().runningAttempts() == 8);
        mayEnd.countDown();
        advanceUntil(() -> Stream.concat(running.stream(), more.stream())
                .allMatch(task -> task.result().isPresent()));
    }

    @Test
    void refusesLimitsThatCannotBe() {
        Architect architect = node("one", new PoolLimits(1, 1, 1));

        assertThatThrownBy(() -> set(architect, 5, 4, null)).hasMessage("minSessions is 5, expected 1..4");
        assertThatThrownBy(() -> set(architect, null, 101, null)).hasMessage("maxSessions is 101, expected 1..100");
        assertThatThrownBy(() -> set(architect, null, null, 0)).hasMessage("slotsPerSession is 0, expected 1..128");
        assertThatThrownBy(() -> architect.sessions().setPool(PoolSettings.none("No")))
                .hasMessageStartingWith("kind is 'No'");
        assertThat(architect.sessions().poolSettings()).isEmpty();
    }
}
