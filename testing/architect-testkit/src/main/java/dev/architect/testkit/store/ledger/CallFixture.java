package dev.architect.testkit.store.ledger;

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
import dev.architect.cost.Price;
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
final class CallFixture {

    private final String callId;
    private String requestId;
    private String provider = "claude";
    private String model = "small";
    private Complexity complexity = Complexity.SIMPLE;
    private Attribution attribution = Attribution.DEFAULT;
    private @Nullable FencingToken fencingToken;
    private @Nullable String taskType;
    private int position;
    private String serviceTier = Price.STANDARD;
    private String region = "";
    private @Nullable String providerRequestId;
    private Instant startedAt = ManualTime.START;
    private CallOutcome outcome = CallOutcome.ANSWERED;
    private @Nullable FailureKind failure;
    private @Nullable StopReason stopReason = StopReason.COMPLETE;
    private Cost cost = Cost.priced(new Money(1_000));
    private Cost baseline = Cost.priced(new Money(3_000));

    CallFixture(String callId) {
        this.callId = callId;
        this.requestId = "request-" + callId;
    }

    CallFixture provider(String name) {
        provider = name;
        return this;
    }

    CallFixture model(String name) {
        model = name;
        return this;
    }

    CallFixture complexity(Complexity level) {
        complexity = level;
        return this;
    }

    CallFixture attribution(Attribution filedUnder) {
        attribution = filedUnder;
        return this;
    }

    CallFixture attempt(FencingToken attempt) {
        fencingToken = attempt;
        return this;
    }

    CallFixture taskType(@Nullable String type) {
        taskType = type;
        return this;
    }

    CallFixture request(String id) {
        requestId = id;
        return this;
    }

    CallFixture position(int place) {
        position = place;
        return this;
    }

    CallFixture served(String tier, String where) {
        serviceTier = tier;
        region = where;
        return this;
    }

    CallFixture providerRequestId(String id) {
        providerRequestId = id;
        return this;
    }

    CallFixture at(Instant start) {
        startedAt = start;
        return this;
    }

    CallFixture failed(FailureKind kind) {
        outcome = CallOutcome.FAILED;
        failure = kind;
        stopReason = null;
        return cost(Cost.NOT_BILLED).baseline(Cost.NOT_BILLED);
    }

    CallFixture outcome(CallOutcome end) {
        outcome = end;
        return this;
    }

    CallFixture cost(Cost amount) {
        cost = amount;
        return this;
    }

    CallFixture baseline(Cost amount) {
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
                        attribution,
                        Optional.ofNullable(taskType)),
                new CallRoute(
                        complexity,
                        position,
                        new ModelId(provider, model),
                        new ModelId(provider, model + "-2026"),
                        serviceTier,
                        region,
                        Optional.ofNullable(providerRequestId)),
                new CallTiming(startedAt, Duration.ofMillis(100)),
                outcome,
                Optional.ofNullable(failure),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), baseline, "2026-11-22"),
                Optional.ofNullable(stopReason));
    }
}
