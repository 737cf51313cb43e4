package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Money;
import dev.architect.error.StoreException;
import dev.architect.model.ModelId;
import dev.architect.record.Feedback;
import dev.architect.record.RecordStore;
import dev.architect.router.bandit.BanditSettings;
import dev.architect.router.choice.LearnedSelector;
import dev.architect.router.choice.LearnedSettings;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Feedback that another node was given, read from the store. */
class FeedbackWatchTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private final ManualTime time = new ManualTime(NOW, 5);
    private final InMemoryStore store = new InMemoryStore(time);
    private final LearnedSelector selector = LearnedSelector.load(
            LearnedSettings.between(ModelId.parse("p/cheap"), ModelId.parse("p/strong"))
                    .withBandit(BanditSettings.STANDARD),
            null);
    private @Nullable Throwable failure;
    private final RecordStore records = (RecordStore) Proxy.newProxyInstance(
            RecordStore.class.getClassLoader(), new Class<?>[] {RecordStore.class}, (proxy, method, arguments) -> {
                if (failure != null) {
                    throw failure;
                }
                try {
                    return method.invoke(store.records(), arguments);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            });
    private final FeedbackWatch watch = new FeedbackWatch(records, () -> selector, time);

    @AfterEach
    void close() {
        watch.close();
        store.close();
    }

    private void answered(String requestId) {
        LearnedChoice choice = selector.choose(requestId, "What is 3 + 7?", false, Double.NaN);
        selector.answered(requestId, choice, Money.ZERO, Duration.ZERO);
    }

    /** A request that was learned about is refused when it is given again. */
    private void assertLearned(String requestId) {
        assertThatThrownBy(() -> selector.learn(Feedback.accepted(requestId, NOW)))
                .as(requestId)
                .isInstanceOf(LearnedModelException.class);
    }

    @Test
    void learnsFromEachOnceInPages() {
        List<Feedback> given = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            answered("r" + i);
            given.add(Feedback.accepted("r" + i, NOW));
        }
        answered("silent");
        store.records().keep(given);

        watch.look();
        watch.look();

        given.forEach(each -> assertLearned(each.requestId()));
        assertThatCode(() -> selector.learn(Feedback.accepted("silent", NOW))).doesNotThrowAnyException();
    }

    @Test
    void feedbackOfTheFutureHidesNoneOfThePresent() {
        answered("later");
        answered("now");
        store.records().keep(List.of(Feedback.accepted("later", NOW.plus(Duration.ofDays(3)))));
        watch.look();
        time.advance(FeedbackWatch.INTERVAL);
        store.records().keep(List.of(Feedback.accepted("now", time.wallTime())));

        watch.look();

        assertLearned("later");
        assertLearned("now");
    }

    @Test
    void aStoreThatIsAwayForAWhileHidesNothing() {
        answered("one");
        failure = new StoreException(StoreException.Kind.INACCESSIBLE, "the store is away", null);
        watch.look();
        watch.restore(selector);
        store.records().keep(List.of(Feedback.accepted("one", NOW)));
        time.advance(Duration.ofMinutes(10));
        watch.look();
        failure = null;

        watch.look();

        assertLearned("one");
        assertThat(selector.learns()).isTrue();
    }

    @Test
    void whateverAStoreThrowsTheNextLookFollows() {
        answered("one");
        store.records().keep(List.of(Feedback.accepted("one", NOW)));
        for (Throwable each :
                List.of(new IllegalStateException("a host's store"), new NoClassDefFoundError("absent/Row"))) {
            failure = each;
            assertThatCode(watch::look).doesNotThrowAnyException();
        }
        failure = null;

        watch.look();

        assertLearned("one");
    }
}
