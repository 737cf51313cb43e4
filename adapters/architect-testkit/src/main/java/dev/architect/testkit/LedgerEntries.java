package dev.architect.testkit;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.route.Complexity;
import dev.architect.task.FencingToken;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes ledger entries that differ from an ordinary answered call in what a case is about. */
final class LedgerEntries {

    private final String callId;
    private String requestId;
    private String provider = "claude";
    private @Nullable FencingToken fencingToken;
    private int position;
    private Instant startedAt = ManualTime.START;
    private Duration duration = Duration.ofMillis(100);
    private CallOutcome outcome = CallOutcome.ANSWERED;
    private TokenUsage usage = TokenUsage.of(10, 5);
    private Cost cost = Cost.priced(new Money(1_000));
    private Cost baseline = Cost.priced(new Money(3_000));

    private LedgerEntries(String callId) {
        this.callId = callId;
        this.requestId = "request-" + callId;
    }

    static LedgerEntries call(String callId) {
        return new LedgerEntries(callId);
    }

    LedgerEntries provider(String name) {
        provider = name;
        return this;
    }

    LedgerEntries of(FencingToken attempt) {
        fencingToken = attempt;
        return this;
    }

    LedgerEntries request(String id) {
        requestId = id;
        return this;
    }

    LedgerEntries position(int place) {
        position = place;
        return this;
    }

    LedgerEntries at(Instant start) {
        startedAt = start;
        return this;
    }

    LedgerEntries took(Duration time) {
        duration = time;
        return this;
    }

    LedgerEntries failed() {
        outcome = CallOutcome.FAILED;
        return cost(Cost.NOT_BILLED).baseline(Cost.NOT_BILLED).usage(TokenUsage.UNKNOWN);
    }

    LedgerEntries cancelled() {
        outcome = CallOutcome.CANCELLED;
        return baseline(Cost.NOT_BILLED);
    }

    LedgerEntries usage(TokenUsage tokens) {
        usage = tokens;
        return this;
    }

    LedgerEntries cost(Cost amount) {
        cost = amount;
        return this;
    }

    LedgerEntries baseline(Cost amount) {
        baseline = amount;
        return this;
    }

    LedgerEntry entry() {
        return new LedgerEntry(
                callId,
                requestId,
                fencingToken == null ? null : fencingToken.id(),
                fencingToken == null ? 0 : fencingToken.epoch(),
                ProjectId.DEFAULT,
                Complexity.SIMPLE,
                position,
                new ModelId(provider, "small"),
                new ModelId(provider, "small-2026"),
                startedAt,
                duration,
                outcome,
                outcome == CallOutcome.FAILED ? FailureKind.OVERLOADED : null,
                usage,
                UsageSource.REPORTED,
                cost,
                null,
                baseline,
                "2026-11-22");
    }
}
