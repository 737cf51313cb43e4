package dev.architect.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProviderWaitTest {

    private final ProviderWait wait = new ProviderWait();

    @Test
    void countsCallsThatHaveEndedThatRunAndWaits() {
        wait.begin(1_000);
        wait.end(1_000, 1_030);
        wait.add(5);
        wait.begin(2_000);

        assertThat(wait.until(2_000)).isEqualTo(Duration.ofNanos(35));
        assertThat(wait.until(2_100)).isEqualTo(Duration.ofNanos(135));
    }

    @Test
    void callsThatOverlapCountOnceEach() {
        wait.begin(-100);
        wait.begin(0);
        wait.end(-100, 50);

        assertThat(wait.until(60)).isEqualTo(Duration.ofNanos(150 + 60));
    }

    @Test
    void belongsToItsScopeAndIsEmptyAtFirst() {
        RequestScope scope = RequestScope.create();
        RequestScope copy = scope.withUser("ann").withoutKeptText().withTimeout(Duration.ofSeconds(1));
        scope.providerWait().add(7);

        assertThat(copy.providerWait().until(0)).isEqualTo(Duration.ofNanos(7));
        assertThat(copy.keepsText()).isFalse();
        assertThat(scope.keepsText()).isTrue();
        assertThat(RequestScope.create().providerWait().until(99)).isZero();
    }
}
