package dev.architect.store.jdbi.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.FencingToken;
import dev.architect.attempt.NodeReason;
import dev.architect.attempt.SessionReason;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndRowTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    private final Map<AttemptBasis, String> texts = new HashMap<>();

    @Test
    void rowsOfAGroupWithEqualBasesShareTheirText() {
        String first = row(1, new AttemptBasis("a", NodeReason.ONLY_NODE, 0, SessionReason.OLDEST_FREE))
                .basis(texts);
        String second = row(2, new AttemptBasis("a", NodeReason.ONLY_NODE, 0, SessionReason.OLDEST_FREE))
                .basis(texts);
        String other = row(3, new AttemptBasis("b", NodeReason.ONLY_NODE, 0, SessionReason.OLDEST_FREE))
                .basis(texts);

        assertThat(second).isSameAs(first);
        assertThat(first).contains("\"a\"");
        assertThat(other).contains("\"b\"");
    }

    @Test
    void basesWithRequestsAreNotKept() {
        AttemptBasis basis =
                new AttemptBasis("a", NodeReason.ONLY_NODE, 0, SessionReason.OLDEST_FREE).withRoutes(2, List.of());

        assertThat(row(1, basis).basis(texts)).contains("\"requests\":2");
        assertThat(texts).isEmpty();
    }

    @Test
    void anEndWithoutABasisHasNoText() {
        assertThat(new EndRow(end(1), NOW).basis(texts)).isNull();
        assertThat(texts).isEmpty();
    }

    private static EndRow row(long id, AttemptBasis basis) {
        return new EndRow(end(id).withBasis(basis), NOW);
    }

    private static AttemptEnd end(long id) {
        return new AttemptEnd(
                new FencingToken(new TaskId(id), 1, 1),
                "s",
                NOW,
                NOW,
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                AttemptResult.output("x"));
    }
}
