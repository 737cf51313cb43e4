package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.error.ArchitectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A budget keeps a request from being answered: too little of it is left for each of the calls that could have been made, a model has no
 * price, or the store cannot tell what is left. The request may be answered after {@link #resetsAt()}, or when the limit is raised.
 */
public final class BudgetExceededException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Budget budget;
    private final transient @Nullable BudgetState state;
    private final transient @Nullable Money needed;
    private final transient @Nullable String partialText;

    /** Why a call was refused. */
    public enum Reason {
        /** Too little is left. */
        EXCEEDED,
        /** The model has no price, so that what is left after the call is unknown. */
        UNPRICED,
        /** The store failed. */
        STORE_FAILED
    }

    private BudgetExceededException(
            Reason reason,
            String message,
            Budget budget,
            @Nullable BudgetState state,
            @Nullable Money needed,
            @Nullable String partialText,
            @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.budget = budget;
        this.state = state;
        this.needed = needed;
        this.partialText = partialText;
    }

    /** The exception of a call that needs more than {@code state} has left. */
    public static BudgetExceededException exceeded(BudgetState state, Money needed) {
        Budget budget = Check.notNull("state", state).budget();
        String reset = state.resetsAt().map(at -> ", resets at " + at).orElse(", never resets");
        return new BudgetExceededException(
                Reason.EXCEEDED,
                "budget '" + budget.name() + "' has " + state.left() + " left of " + budget.limit() + " ("
                        + state.spent() + " spent, " + state.reserved() + " reserved), expected "
                        + Check.notNull("needed", needed) + " for the call" + reset,
                budget,
                state,
                needed,
                null,
                null);
    }

    /** The exception of a call to a model without a price. */
    public static BudgetExceededException unpriced(Budget budget, String model) {
        return new BudgetExceededException(
                Reason.UNPRICED,
                "model " + Check.notNull("model", model) + " has no price, expected one under the hard budget '"
                        + Check.notNull("budget", budget).name() + "'",
                budget,
                null,
                null,
                null,
                null);
    }

    /** The exception of a call that the store could not decide about. */
    public static BudgetExceededException storeFailed(Budget budget, Throwable cause) {
        return new BudgetExceededException(
                Reason.STORE_FAILED,
                "store does not answer, expected it to reserve of the hard budget '"
                        + Check.notNull("budget", budget).name() + "'",
                budget,
                null,
                null,
                null,
                Check.notNull("cause", cause));
    }

    /** Returns this exception for a request of which some calls were made. */
    public BudgetExceededException after(@Nullable Throwable lastFailure, @Nullable String partialTextOrNull) {
        if (lastFailure == null && partialTextOrNull == null) {
            return this;
        }
        return new BudgetExceededException(
                reason,
                String.valueOf(getMessage()),
                budget,
                state,
                needed,
                partialTextOrNull,
                getCause() == null ? lastFailure : getCause());
    }

    /** Why the call was refused. */
    public Reason reason() {
        return reason;
    }

    /** The budget. */
    public Budget budget() {
        return budget;
    }

    /** How the budget stood; empty unless too little was left. */
    public Optional<BudgetState> state() {
        return Optional.ofNullable(state);
    }

    /** What the cheapest of the calls would have reserved; empty unless too little was left. */
    public Optional<Money> needed() {
        return Optional.ofNullable(needed);
    }

    /** When the budget starts anew; empty when it never does, or too little was not the reason. */
    public Optional<Instant> resetsAt() {
        return state().flatMap(BudgetState::resetsAt);
    }

    /** True only when the store failed: nothing else changes before the budget starts anew. */
    @Override
    public boolean isTransient() {
        return reason == Reason.STORE_FAILED;
    }

    /** Until the budget starts anew. */
    @Override
    public Optional<Duration> retryAfter() {
        return state().flatMap(BudgetState::untilReset);
    }

    @Override
    public Optional<String> partialText() {
        return Optional.ofNullable(partialText);
    }
}
