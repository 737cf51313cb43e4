package dev.architect.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.architect.lane.Lane.TypeInLane;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaneSettingsTest {

    private static final Lane A = new Lane("q", "a", "llm");
    private static final Lane B = new Lane("q", "b", "llm");

    @Test
    void theLaneOfATaskIsInItsOptions() {
        assertThat(Lane.of(TaskRequest.of("t", ""))).isSameAs(Lane.DEFAULT);
        assertThat(Lane.of(TaskRequest.of("t", "")
                        .withOptions(TaskOptions.DEFAULT.withQueue("q").withTenant("a"))))
                .isEqualTo(A);
    }

    @Test
    void aTypeWithinALaneIsOneText() {
        for (TypeInLane each : List.of(
                new TypeInLane(Lane.DEFAULT, "review"),
                new TypeInLane(Lane.DEFAULT, "with\u001fseparator"),
                new TypeInLane(A, "review"),
                new TypeInLane(A, "a\u001fb\u001fc\u001fd\u001fe"))) {
            assertThat(TypeInLane.parse(each.text())).isEqualTo(each);
        }
        assertThat(new TypeInLane(Lane.DEFAULT, "review").text()).isEqualTo("review");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeInLane.parse("a\u001fb"))
                .withMessage("text has 2 parts, expected 4");
    }

    @Test
    void refusesWhatIsOutOfRange() {
        LaneSettings settings = LaneSettings.of(LaneScope.of("q"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withWeight(0))
                .withMessage("weight is 0, expected 1..1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withMaxRunning(0))
                .withMessageStartingWith("maxRunning is 0, expected 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withMaxWaiting(-1))
                .withMessageStartingWith("maxWaiting is -1, expected 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LaneScope.of("No"))
                .withMessageStartingWith("queue is 'No', expected 1 to 64 lower-case letters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StartRate(1, Duration.ofDays(2)))
                .withMessage("period is PT48H, expected at most 1 day");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StartRate.perSecond(0))
                .withMessage("starts is 0, expected 1..1000000");
    }

    @Test
    void aTenantKeepsToItsOwnSettingsAndToThoseOfItsQueue() {
        LaneRules rules = new LaneRules(List.of(
                LaneSettings.of(LaneScope.of("q")).withWeight(2).withMaxRunning(9),
                LaneSettings.of(LaneScope.of("q", "a")).withWeight(3).withPaused(true)));

        assertThat(rules.weight(A)).isEqualTo(6);
        assertThat(rules.weight(B)).isEqualTo(2);
        assertThat(rules.weight(Lane.DEFAULT)).isEqualTo(1);
        assertThat(rules.isPaused(A)).isTrue();
        assertThat(rules.isPaused(B)).isFalse();
        assertThat(rules.isLimited(B)).isTrue();
        assertThat(rules.isLimited(Lane.DEFAULT)).isFalse();
    }

    @Test
    void whatIsLeftOfALimitIsTakenByTurns() {
        List<LaneShare> shares = List.of(new LaneShare(B, 5), new LaneShare(A, 1), new LaneShare(Lane.DEFAULT, 4));

        assertThat(LaneAdmission.admit(shares, Map.of())).isEqualTo(Map.of(B, 5, A, 1, Lane.DEFAULT, 4));
        assertThat(LaneAdmission.admit(shares, Map.of(LaneScope.of("q"), 3)))
                .isEqualTo(Map.of(B, 2, A, 1, Lane.DEFAULT, 4));
        assertThat(LaneAdmission.admit(shares, Map.of(LaneScope.of("q"), 3, LaneScope.of("q", "b"), 1)))
                .isEqualTo(Map.of(B, 1, A, 1, Lane.DEFAULT, 4));
        assertThat(LaneAdmission.admit(shares, Map.of(LaneScope.of("q"), 0))).isEqualTo(Map.of(Lane.DEFAULT, 4));
    }

    @Test
    void aRateLetsItsBurstStartAndThenOneAtATime() {
        StartRate rate = StartRate.perSecond(4);
        long start = 1_000_000_000;

        assertThat(rate.allowed(0, start)).isEqualTo(4);
        long next = rate.after(0, start, 3);
        assertThat(rate.allowed(next, start)).isEqualTo(1);
        next = rate.after(next, start, 1);
        assertThat(rate.allowed(next, start)).isZero();
        assertThat(rate.allowed(next, start + 249_999)).isZero();
        assertThat(rate.allowed(next, start + 250_000)).isEqualTo(1);
        assertThat(rate.allowed(next, start + 5_000_000)).isEqualTo(4);
        assertThat(rate.after(next, start, 0)).isEqualTo(next);

        StartRate slow = new StartRate(6, Duration.ofMinutes(1));
        assertThat(slow.burst()).isEqualTo(1);
        next = slow.after(0, start, 1);
        assertThat(slow.allowed(next, start + 9_999_999)).isZero();
        assertThat(slow.allowed(next, start + 10_000_000)).isEqualTo(1);
    }

    @Test
    void aRateIsReadAndWrittenAsText() {
        for (String text : List.of("10/s", "90/m", "3/90s", "5/12h", "1/0.5s")) {
            assertThat(StartRate.parse(text)).hasToString(text);
        }
        assertThat(StartRate.parse("90/1m")).isEqualTo(new StartRate(90, Duration.ofMinutes(1)));
        assertThat(StartRate.parse("5/PT12H")).isEqualTo(new StartRate(5, Duration.ofHours(12)));
        for (String text : List.of("", "10", "/s", "ten/s", "10/", "10/week", "1/1d")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StartRate.parse(text))
                    .withMessage("rate is '" + text + "', expected starts and a time, for example 10/s or 90/1m");
        }
    }
}
