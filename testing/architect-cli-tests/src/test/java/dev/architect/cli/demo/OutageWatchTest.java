package dev.architect.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.event.Event;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.route.BreakerState;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OutageWatchTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final OutageWatch watch = new OutageWatch();
    private int calls;

    @Test
    void reportsWhichProviderAnsweredWhen() {
        call(1, "openai", 0, CallOutcome.ANSWERED);
        watch.begin("openai", START.plusSeconds(10));
        call(2, "openai", 9, CallOutcome.ANSWERED);
        call(3, "openai", 11, CallOutcome.FAILED);
        call(3, "gemini", 12, CallOutcome.ANSWERED);
        call(4, "openai", 12, CallOutcome.FAILED);
        watch.onEvent(
                new Event.BreakerChanged(START.plusSeconds(13), ModelId.parse("openai/gpt-5.4"), BreakerState.OPEN));
        watch.onEvent(
                new Event.BreakerChanged(START.plusSeconds(19), ModelId.parse("openai/gpt-5.4"), BreakerState.OPEN));
        watch.end(START.plusSeconds(20));
        call(5, "openai", 24, CallOutcome.ANSWERED);
        call(6, "openai", 30, CallOutcome.ANSWERED);

        OutageWatch.Impact account = watch.result();

        assertThat(account)
                .isEqualTo(new OutageWatch.Impact(
                        "openai",
                        Duration.ofSeconds(10),
                        2,
                        2,
                        1,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(5),
                        Map.of(
                                "openai", Map.of(OutagePhase.BEFORE, 2L, OutagePhase.AFTER, 2L),
                                "gemini", Map.of(OutagePhase.DURING, 1L))));
    }

    @Test
    void failuresOfOthersAreNotTheOutage() {
        watch.begin("openai", START);
        call(1, "gemini", 1, CallOutcome.FAILED);
        watch.end(START.plusSeconds(2));

        assertThat(watch.result())
                .isNotNull()
                .extracting(OutageWatch.Impact::failedCalls)
                .isEqualTo(0L);
    }

    @Test
    void withoutAnOutageThereIsNoAccount() {
        call(1, "openai", 0, CallOutcome.ANSWERED);

        assertThat(watch.result()).isNull();
    }

    /** A call of one second. */
    private void call(long task, String provider, int second, CallOutcome outcome) {
        ModelId model = new ModelId(provider, "m");
        calls++;
        LedgerEntry entry = new LedgerEntry(
                "call-" + calls,
                new CallOrigin("request-" + calls, Optional.of(new TaskId(task)), 1, Attribution.DEFAULT),
                new CallRoute(Complexity.SIMPLE, 0, model, model),
                new CallTiming(START.plusSeconds(second), Duration.ofSeconds(1)),
                outcome,
                Optional.ofNullable(outcome == CallOutcome.FAILED ? FailureKind.UNAVAILABLE : null),
                new Metering(TokenUsage.UNKNOWN, UsageSource.REPORTED),
                new CallCharge(Cost.NOT_BILLED, Optional.empty(), Cost.NOT_BILLED, "test"),
                Optional.empty());
        watch.onEvent(new Event.CallEnded(START.plusSeconds(second + 1L), entry));
    }
}
