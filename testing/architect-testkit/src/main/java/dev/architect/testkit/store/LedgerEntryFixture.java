package dev.architect.testkit.store;

import dev.architect.attempt.FencingToken;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds ledger entries; each starts as an ordinary answered call and is changed where a case needs it. */
final class LedgerEntryFixture {

    private final String callId;
    private String requestId;
    private String provider = "claude";
    private String model = "small";
    private Complexity complexity = Complexity.SIMPLE;
    private Attribution attribution = Attribution.DEFAULT;
    private @Nullable FencingToken fencingToken;
    private int position;
    private Instant startedAt = ManualTime.START;
    private Duration duration = Duration.ofMillis(100);
    private CallOutcome outcome = CallOutcome.ANSWERED;
    private TokenUsage usage = TokenUsage.of(10, 5);
    private @Nullable StopReason stopReason = StopReason.COMPLETE;
    private Cost cost = Cost.priced(new Money(1_000));
    private Cost baseline = Cost.priced(new Money(3_000));

    private LedgerEntryFixture(String callId) {
        this.callId = callId;
        this.requestId = "request-" + callId;
    }

    static LedgerEntryFixture call(String callId) {
        return new LedgerEntryFixture(callId);
    }

    LedgerEntryFixture provider(String name) {
        provider = name;
        return this;
    }

    LedgerEntryFixture model(String name) {
        model = name;
        return this;
    }

    LedgerEntryFixture complexity(Complexity level) {
        complexity = level;
        return this;
    }

    LedgerEntryFixture attribution(Attribution filedUnder) {
        attribution = filedUnder;
        return this;
    }

    LedgerEntryFixture attempt(FencingToken attempt) {
        fencingToken = attempt;
        return this;
    }

    LedgerEntryFixture request(String id) {
        requestId = id;
        return this;
    }

    LedgerEntryFixture position(int place) {
        position = place;
        return this;
    }

    LedgerEntryFixture at(Instant start) {
        startedAt = start;
        return this;
    }

    LedgerEntryFixture took(Duration time) {
        duration = time;
        return this;
    }

    LedgerEntryFixture failed() {
        outcome = CallOutcome.FAILED;
        return cost(Cost.NOT_BILLED)
                .baseline(Cost.NOT_BILLED)
                .usage(TokenUsage.UNKNOWN)
                .stopReason(null);
    }

    LedgerEntryFixture cancelled() {
        outcome = CallOutcome.CANCELLED;
        return baseline(Cost.NOT_BILLED).stopReason(null);
    }

    LedgerEntryFixture usage(TokenUsage tokens) {
        usage = tokens;
        return this;
    }

    LedgerEntryFixture stopReason(@Nullable StopReason reason) {
        stopReason = reason;
        return this;
    }

    LedgerEntryFixture cost(Cost amount) {
        cost = amount;
        return this;
    }

    LedgerEntryFixture baseline(Cost amount) {
        baseline = amount;
        return this;
    }

    LedgerEntry entry() {
        return new LedgerEntry(
                callId,
                new CallOrigin(
                        requestId,
                        Optional.ofNullable(fencingToken == null ? null : fencingToken.id()),
                        fencingToken == null ? 0 : fencingToken.epoch(),
                        attribution),
                new CallRoute(
                        complexity, position, new ModelId(provider, model), new ModelId(provider, model + "-2026")),
                new CallTiming(startedAt, duration),
                outcome,
                Optional.ofNullable(outcome == CallOutcome.FAILED ? FailureKind.OVERLOADED : null),
                new Metering(usage, UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), baseline, "2026-11-22"),
                Optional.ofNullable(stopReason));
    }
}
