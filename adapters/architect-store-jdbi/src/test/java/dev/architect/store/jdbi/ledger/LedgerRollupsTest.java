package dev.architect.store.jdbi.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LedgerRollupsTest {

    private static final long SHORT = Duration.ofMillis(24).toNanos();
    private static final long RIGHT = Duration.ofMillis(40).toNanos();
    private static final long TWICE_TOO_LONG = Duration.ofMillis(100).toNanos();

    @Test
    void theFirstTransactionsDoubleHoweverLongTheyTake() {
        assertThat(LedgerRollups.mostCallsAfter(50, 50, TWICE_TOO_LONG)).isEqualTo(100);
        assertThat(LedgerRollups.mostCallsAfter(400, 400, SHORT)).isEqualTo(500);
    }

    @Test
    void aTransactionThatTookTooLongIsFollowedByASmallerOneButNotByATinyOne() {
        assertThat(LedgerRollups.mostCallsAfter(2_000, 1_800, TWICE_TOO_LONG)).isEqualTo(900);
        assertThat(LedgerRollups.mostCallsAfter(600, 600, TWICE_TOO_LONG)).isEqualTo(500);
        assertThat(LedgerRollups.mostCallsAfter(2_000, 0, TWICE_TOO_LONG)).isEqualTo(500);
    }

    @Test
    void aShortTransactionIsFollowedByALargerOneUpToTheLargest() {
        assertThat(LedgerRollups.mostCallsAfter(500, 500, SHORT)).isEqualTo(1_000);
        assertThat(LedgerRollups.mostCallsAfter(1_500, 1_500, SHORT)).isEqualTo(2_000);
        assertThat(LedgerRollups.mostCallsAfter(900, 900, RIGHT)).isEqualTo(900);
    }
}
