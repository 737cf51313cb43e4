package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.Quality;
import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Money;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.record.DecisionCandidate;
import dev.architect.record.DecisionExclusion;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.record.DecisionResult;
import dev.architect.record.Feedback;
import dev.architect.record.FeedbackVerdict;
import dev.architect.record.RequestFeatures;
import dev.architect.route.ExclusionReason;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records of decisions and feedback of a store. */
abstract class StoreRecordCases extends StoreCases {

    private static final ModelId CHEAP = new ModelId("openai", "gpt-4o-mini");
    private static final ModelId DEAR = new ModelId("claude", "claude-sonnet-4-6");
    private static final ProjectId DEFAULT = ProjectId.DEFAULT;

    StoreRecordCases(StoreContract contract) {
        super(contract);
    }

    private DecisionRecord decision(String id, @Nullable ModelId answered, DecisionOutcome outcome, ProjectId project) {
        return new DecisionRecord(
                0,
                id,
                time.wallTime(),
                "v1",
                project,
                Optional.empty(),
                new RequestFeatures(Complexity.SIMPLE, Quality.AUTO, Optional.empty(), Set.of()),
                List.of(new DecisionCandidate(CHEAP, 66, 100, 10, Optional.of(new Money(7)))),
                List.of(),
                new DecisionResult(
                        outcome,
                        Optional.empty(),
                        Optional.ofNullable(answered),
                        0,
                        1,
                        0,
                        TokenUsage.of(100, 10),
                        Optional.of(new Money(7)),
                        new Money(7),
                        Duration.ofMillis(5),
                        AnswerVerdict.unchecked()),
                Optional.empty());
    }

    private List<String> ids(DecisionQuery query) {
        return store().records().find(query).stream()
                .map(DecisionRecord::requestId)
                .toList();
    }

    @Test
    void keepsEveryFieldAndAssignsTheSequence() {
        DecisionRecord everything = new DecisionRecord(
                0,
                "r1",
                time.wallTime().plusNanos(1_234_567),
                "0123abcd",
                new ProjectId("shop"),
                Optional.of(new TaskId(Long.MAX_VALUE)),
                new RequestFeatures(
                        Complexity.COMPLEX,
                        Quality.HIGH,
                        Optional.of(DEAR),
                        Set.of(Capability.TOOLS, Capability.IMAGES)),
                List.of(
                        new DecisionCandidate(DEAR, 88, 1L << 40, 3, Optional.of(new Money(Long.MAX_VALUE))),
                        new DecisionCandidate(CHEAP, 66, 2, 3, Optional.empty())),
                List.of(new DecisionExclusion(new ModelId("ollama", "llama \"3\""), ExclusionReason.BELOW_FLOOR)),
                new DecisionResult(
                        DecisionOutcome.REJECTED,
                        Optional.of(FailureKind.OVERLOADED),
                        Optional.of(DEAR),
                        1,
                        3,
                        1,
                        TokenUsage.builder()
                                .add(UsageBucket.INPUT, 5)
                                .add(UsageBucket.CACHE_READ, 1L << 50)
                                .build(),
                        Optional.of(new Money(9_223_372_036_854_775_806L)),
                        new Money(1),
                        Duration.ofNanos(987_654_321_987L),
                        AnswerVerdict.rejected("wrong-arithmetic")),
                Optional.empty(),
                Optional.of(new LearnedChoice(
                        "routing.model@1a2b",
                        ChoiceReason.EXPLORED,
                        CHEAP,
                        -0.1234567890123456,
                        1e-9,
                        0.02,
                        OptionalDouble.of(0.951),
                        OptionalDouble.empty())));
        store().records().append(List.of(everything));
        store().records().append(List.of(decision("r2", null, DecisionOutcome.FAILED, DEFAULT)));

        List<DecisionRecord> newest = store().records().find(DecisionQuery.newest(500));

        assertThat(newest).hasSize(2);
        DecisionRecord first = newest.get(1);
        assertThat(first).isEqualTo(everything.stored(first.sequence(), Optional.empty()));
        assertThat(first.sequence()).isPositive().isLessThan(newest.get(0).sequence());
    }

    @Test
    void findsTheRecordOfARequestWithItsFeedback() {
        store().records()
                .append(List.of(
                        decision("0e11bead", CHEAP, DecisionOutcome.ANSWERED, DEFAULT),
                        decision("1e11bead", DEAR, DecisionOutcome.REJECTED, new ProjectId("shop")),
                        decision("1e11bead", DEAR, DecisionOutcome.ANSWERED, new ProjectId("shop"))));
        store().records().keep(List.of(Feedback.accepted("1e11bead", time.wallTime())));

        DecisionRecord newest = store().records().ofRequest("1e11bead").orElseThrow();

        assertThat(newest.result().outcome()).isEqualTo(DecisionOutcome.ANSWERED);
        assertThat(newest.feedback().map(Feedback::score)).contains(1.0);
        assertThat(store().records().ofRequest("0e11bead").map(DecisionRecord::feedback))
                .contains(Optional.empty());
        for (String none : List.of("", "2e11bead", "bead", "a\u0000\ud83d%")) {
            assertThat(store().records().ofRequest(none)).isEmpty();
        }
    }

    @Test
    void findsByTimeModelOutcomeAndProjectInPages() {
        List<DecisionRecord> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(decision(
                    "r" + i,
                    i % 2 == 0 ? CHEAP : DEAR,
                    i % 3 == 0 ? DecisionOutcome.REJECTED : DecisionOutcome.ANSWERED,
                    i % 4 == 0 ? new ProjectId("shop") : DEFAULT));
            time.advance(Duration.ofSeconds(1));
        }
        store().records().append(all);

        assertThat(ids(DecisionQuery.newest(500).withModel(DEAR))).containsExactly("r11", "r9", "r7", "r5", "r3", "r1");
        assertThat(ids(DecisionQuery.newest(500).withOutcome(DecisionOutcome.REJECTED)))
                .containsExactly("r9", "r6", "r3", "r0");
        assertThat(ids(DecisionQuery.newest(500).withProject(new ProjectId("shop"))))
                .containsExactly("r8", "r4", "r0");
        assertThat(ids(DecisionQuery.newest(500)
                        .withFrom(all.get(2).at())
                        .withUntil(all.get(5).at())))
                .containsExactly("r4", "r3", "r2");
        assertThat(ids(DecisionQuery.newest(500)
                        .withModel(CHEAP)
                        .withOutcome(DecisionOutcome.REJECTED)
                        .withProject(DEFAULT)))
                .containsExactly("r6");
        assertThat(ids(DecisionQuery.newest(500).withModel(new ModelId("no", "model"))))
                .isEmpty();
        List<String> seen = new ArrayList<>();
        DecisionQuery query = DecisionQuery.newest(5);
        List<DecisionRecord> page = store().records().find(query);
        while (!page.isEmpty()) {
            page.forEach(each -> seen.add(each.requestId()));
            page = store().records()
                    .find(query.withBefore(page.get(page.size() - 1).sequence()));
        }
        assertThat(seen).hasSize(12).startsWith("r11", "r10").endsWith("r1", "r0");
    }

    @Test
    void theLastFeedbackCountsAndStandsBesideTheRecord() {
        store().records().append(List.of(decision("r1", CHEAP, DecisionOutcome.ANSWERED, DEFAULT)));
        Feedback last =
                new Feedback("r1", FeedbackVerdict.SCORED, 0.1, time.wallTime().plusSeconds(1));

        store().records()
                .keep(List.of(Feedback.accepted("r1", time.wallTime()), Feedback.rejected("r2", time.wallTime())));
        store().records().keep(List.of(last));

        assertThat(store().records().feedback("r1")).contains(last);
        assertThat(store().records().feedback("r2")).contains(Feedback.rejected("r2", time.wallTime()));
        assertThat(store().records().feedback("r3")).isEmpty();
        assertThat(store().records().find(DecisionQuery.newest(1)).get(0).feedback())
                .contains(last);
    }

    @Test
    void feedbackIsReadOnFromAPlaceInTheOrderOfItsTime() {
        Instant start = time.wallTime();
        for (String id : List.of("r3", "r1", "r2")) {
            store().records().keep(List.of(Feedback.accepted(id, time.wallTime())));
            time.advance(Duration.ofSeconds(1));
        }
        store().records()
                .keep(List.of(Feedback.rejected("r5", time.wallTime()), Feedback.rejected("r4", time.wallTime())));
        // Given again, so it stands behind the others.
        Feedback again = Feedback.scored("r1", 0.5, time.wallTime().plusMillis(1));
        store().records().keep(List.of(again));

        List<Feedback> all = store().records().feedbackAfter(start, "", 500);
        assertThat(all).extracting(Feedback::requestId).containsExactly("r3", "r2", "r4", "r5", "r1");
        assertThat(all.get(4)).isEqualTo(again);
        assertThat(store().records().feedbackAfter(all.get(1).at(), "r2", 2)).isEqualTo(all.subList(2, 4));
        assertThat(store().records().feedbackAfter(all.get(2).at(), "r4", 500)).isEqualTo(all.subList(3, 5));
        assertThat(store().records().feedbackAfter(again.at(), "r1", 500)).isEmpty();
        assertThatThrownBy(() -> store().records().feedbackAfter(start, "", 501))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherHandleSeesWhatWasKept() throws Exception {
        store().records().append(List.of(decision("r1", CHEAP, DecisionOutcome.ANSWERED, DEFAULT)));
        store().records().keep(List.of(Feedback.accepted("r1", time.wallTime())));

        DecisionRecord seen = second().records().find(DecisionQuery.newest(1)).get(0);

        assertThat(seen.requestId()).isEqualTo("r1");
        assertThat(seen.feedback()).isPresent();
    }

    @Test
    void deletesTheOldestBeforeATime() {
        for (int i = 0; i < 5; i++) {
            store().records().append(List.of(decision("r" + i, CHEAP, DecisionOutcome.ANSWERED, DEFAULT)));
            store().records().keep(List.of(Feedback.accepted("r" + i, time.wallTime())));
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(store().records().deleteBefore(time.wallTime().minusSeconds(1), 3))
                .isEqualTo(6);

        assertThat(ids(DecisionQuery.newest(500))).containsExactly("r4", "r3");
        assertThat(store().records().deleteBefore(time.wallTime().minusSeconds(1), 3))
                .isEqualTo(2);
        assertThat(ids(DecisionQuery.newest(500))).containsExactly("r4");
        assertThat(store().records().feedback("r3")).isEmpty();
        assertThat(store().records().feedback("r4")).isPresent();
        assertThatThrownBy(() -> store().records().deleteBefore(time.wallTime(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit is 0");
    }

    @Test
    void emptyListsChangeNothing() {
        store().records().append(List.of());
        store().records().keep(List.of());

        assertThat(store().records().find(DecisionQuery.newest(1))).isEmpty();
    }
}
