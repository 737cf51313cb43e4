package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.loop.StorePoll;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a poll reads the store, and what failures do. */
final class StorePollTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final List<String> warnings = new ArrayList<>();
    private int reads;

    private StorePoll poll(Duration first) {
        return new StorePoll(time, first, SECOND, "it cannot be read", warnings::add);
    }

    private void read() {
        reads++;
    }

    private void fail() {
        reads++;
        throw new StoreException(StoreException.Kind.BUSY, "the disk is gone", null);
    }

    @Test
    void readsAtOnceAndThenOnceInAnInterval() {
        StorePoll poll = poll(Duration.ZERO);

        poll.poll(this::read);
        poll.poll(this::read);
        assertThat(reads).isEqualTo(1);

        time.advance(SECOND.minusNanos(1));
        poll.poll(this::read);
        assertThat(reads).isEqualTo(1);

        time.advance(Duration.ofNanos(1));
        poll.poll(this::read);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void firstReadIsDueWhenItIsSaid() {
        StorePoll poll = poll(SECOND);

        poll.poll(this::read);
        assertThat(reads).isZero();

        time.advance(SECOND);
        poll.poll(this::read);
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void hintMakesOnePollReadBeforeItsTime() {
        StorePoll poll = poll(SECOND);

        poll.hint();
        poll.poll(this::read);
        poll.poll(this::read);

        assertThat(reads).isEqualTo(1);
    }

    @Test
    void hintDuringAReadMakesTheNextPollRead() {
        StorePoll poll = poll(Duration.ZERO);

        poll.poll(poll::hint);
        poll.poll(this::read);

        assertThat(reads).isEqualTo(1);
    }

    @Test
    void firstFailureAfterASuccessIsReported() {
        StorePoll poll = poll(Duration.ZERO);

        poll.poll(this::fail);
        time.advance(SECOND);
        poll.poll(this::fail);
        assertThat(warnings).containsExactly("it cannot be read: the disk is gone");

        time.advance(SECOND);
        poll.poll(this::read);
        time.advance(SECOND);
        poll.poll(this::fail);
        assertThat(warnings).hasSize(2);
        assertThat(reads).isEqualTo(4);
    }

    @Test
    void failureThatIsNotOfTheStoreIsPassedOn() {
        StorePoll poll = poll(Duration.ZERO);

        assertThatThrownBy(() -> poll.poll(() -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a bug");

        assertThat(warnings).isEmpty();
    }
}
