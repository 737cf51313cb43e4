package dev.architect.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.RouteChoice.Called;
import dev.architect.attempt.RouteChoice.Chosen;
import dev.architect.attempt.RouteChoice.Skipped;
import dev.architect.json.JsonException;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.ExclusionReason;
import dev.architect.route.SelectionReason;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of where an attempt ran, as text and in sentences. */
final class AttemptBasisTest {

    private static final ModelId BIG = new ModelId("claude", "big/one");
    private static final AttemptBasis BASIS = new AttemptBasis(
            "box \"1\" ä",
            NodeReason.PREFERRED,
            2,
            SessionReason.WARM_IS_FULL,
            9,
            List.of(
                    new RouteChoice(
                            Optional.of("r-1"),
                            List.of(new Chosen(BIG, SelectionReason.BEST_BELOW_FLOOR, 40)),
                            List.of(new Skipped(new ModelId("ollama", "s"), ExclusionReason.NOT_LOCAL)),
                            List.of(new Called(BIG, Optional.of(FailureKind.OVERLOADED))),
                            Optional.empty()),
                    new RouteChoice(Optional.empty(), List.of(), List.of(), List.of(), Optional.of(BIG))));

    private static AttemptExplanation explained(
            String session, @Nullable AttemptOutcome outcome, @Nullable AttemptBasis basis) {
        return new AttemptExplanation(
                3,
                17,
                Optional.ofNullable(basis).map(AttemptBasis::nodeName),
                session,
                Optional.of(Instant.EPOCH),
                Optional.ofNullable(outcome),
                Optional.ofNullable(basis));
    }

    @Test
    void readsWhatItHasWritten() {
        AttemptBasis small = new AttemptBasis("n", NodeReason.ONLY_NODE, 0, SessionReason.NEW);

        assertThat(AttemptBasis.parse(BASIS.text())).contains(BASIS);
        assertThat(AttemptBasis.parse(small.text())).contains(small);
        assertThat(small.text()).hasSizeLessThan(80);
    }

    @ParameterizedTest
    @EnumSource(NodeReason.class)
    void readsEveryReason(NodeReason reason) {
        AttemptBasis basis = new AttemptBasis("n", reason, 0, SessionReason.WARM);

        assertThat(AttemptBasis.parse(basis.text())).contains(basis);
        assertThat(reason.description()).isNotBlank();
    }

    @Test
    void ignoresWhatALaterVersionAddsAndLeavesOutWhatItCannotRead() {
        String text = BASIS.text();

        assertThat(AttemptBasis.parse(text.replace("{\"nodeName\"", "{\"later\":[1],\"nodeName\"")))
                .contains(BASIS);
        assertThat(AttemptBasis.parse(text.replace("\"preferred\"", "\"by-the-moon\"")))
                .isEmpty();
        assertThat(AttemptBasis.parse("{}")).isEmpty();
        assertThatThrownBy(() -> AttemptBasis.parse("[")).isInstanceOf(JsonException.class);
    }

    @Test
    void boundsWhatItKeeps() {
        RouteChoice route = BASIS.routes().get(0);
        assertThatThrownBy(() -> BASIS.withRoutes(9, Collections.nCopies(5, route)))
                .hasMessage("routes size is 5, expected 0..4");
        Called call = new Called(BIG, Optional.empty());
        assertThatThrownBy(() -> new RouteChoice(
                        Optional.empty(), List.of(), List.of(), Collections.nCopies(17, call), Optional.empty()))
                .hasMessage("calls size is 17, expected 0..16");
    }

    @Test
    void saysEachReasonInASentence() {
        assertThat(explained("llm-2", AttemptOutcome.FAILED, BASIS).sentences())
                .containsExactly(
                        "Node box \"1\" ä (incarnation 17) made it: the task's affinity key prefers it, with 2 others that"
                                + " perform such tasks.",
                        "Session llm-2 ran it: the session that ran the last task of the same affinity key had no free"
                                + " slot.",
                        "It made 9 requests; the last 2:",
                        "Request r-1 was not answered; candidates: claude/big/one (best below floor, quality 40); failed"
                                + " before: claude/big/one (overloaded); skipped: ollama/s (not local).",
                        "Request was given an earlier answer of claude/big/one.");
    }

    @Test
    void saysWhatWasNotRecorded() {
        assertThat(explained("", AttemptOutcome.LOST, null).sentences())
                .containsExactly(
                        "A node that is gone (incarnation 17) made it: the reason was not recorded.",
                        "Its session was not recorded: its node died.");
        assertThat(explained("", null, null).sentences())
                .containsExactly(
                        "A node that is gone (incarnation 17) makes it: the reason was not recorded.",
                        "Its session was not recorded: it runs on another node.");
        assertThat(explained("", AttemptOutcome.HANDED_BACK, null).sentences())
                .last()
                .isEqualTo("Its session was not recorded: it had not begun.");
    }
}
