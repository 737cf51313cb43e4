package dev.architect.router.budget;

import dev.architect.attempt.FencingToken;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetAmount;
import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetDecision;
import dev.architect.budget.BudgetExceededException;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.Money;
import dev.architect.event.Event;
import dev.architect.project.Attribution;
import dev.architect.route.CostEstimate;
import dev.architect.router.admission.BudgetHold;
import dev.architect.router.admission.Deployment;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request before the budgets. Each of its calls reserves of every budget that it counts in: the most that it can cost of those that are
 * hard, and what nine of ten such calls do not exceed of the others. Used by one thread.
 */
public final class BudgetClaim {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetClaim.class);

    /** What a call takes beyond its time, until it is booked. */
    private static final Duration BOOKING = Duration.ofSeconds(30);

    private final Settlements settlements;
    private final List<Budget> budgets;
    private final String requestId;
    private final RoutingContext routing;
    private final ProbableCost costs;
    private final TimeSource time;
    private int calls;
    /** Whether a reservation of this request failed: the next one would only wait for the same. */
    private boolean isStoreDown;

    private @Nullable BudgetExceededException refusal;

    BudgetClaim(
            Settlements settlements,
            List<Budget> budgets,
            String requestId,
            RoutingContext routing,
            ProbableCost costs,
            TimeSource time) {
        this.settlements = settlements;
        this.budgets = budgets;
        this.requestId = requestId;
        this.routing = routing;
        this.costs = costs;
        this.time = time;
    }

    /**
     * Reserves for a call; null when a budget refuses it, which {@link #refusal()} then states.
     *
     * @param estimate what it will probably cost, as the route has it
     * @param prefix what the answer begins with
     * @param timeout the longest time of the call
     */
    public @Nullable BudgetHold reserve(
            ChatRequest request, Deployment deployment, CostEstimate estimate, String prefix, Duration timeout) {
        Attribution attribution = routing.scope().attribution();
        Optional<TaskId> task = routing.fencingToken().map(FencingToken::id);
        List<BudgetAmount> amounts = new ArrayList<>();
        Budget hard = null;
        Money most = null;
        Money likely = null;
        Money largest = Money.ZERO;
        for (Budget budget : budgets) {
            if (!budget.scope().covers(deployment.id(), attribution, task)) {
                continue;
            }
            Money amount;
            if (budget.isHard()) {
                hard = hard == null ? budget : hard;
                if (most == null) {
                    Optional<Money> known = costs.bound().of(request, deployment, prefix, timeout, time.wallTime());
                    if (known.isEmpty()) {
                        refuse(BudgetExceededException.unpriced(
                                budget, deployment.id().toString()));
                        return null;
                    }
                    most = known.get();
                }
                amount = most;
            } else {
                if (likely == null) {
                    likely = costs.of(request, deployment.id(), estimate, time.wallTime());
                }
                amount = likely;
            }
            amounts.add(new BudgetAmount(budget.name(), amount));
            largest = largest.compareTo(amount) >= 0 ? largest : amount;
        }
        // Nothing is held back from a model that is free; what has no price may state a cost.
        boolean isFree = largest.picoUsd() == 0 && estimate.cost().amount().isPresent();
        if (amounts.isEmpty() || isFree) {
            return BudgetHold.NONE;
        }
        return reserve(amounts, hard, largest, timeout.plus(BOOKING));
    }

    private @Nullable BudgetHold reserve(
            List<BudgetAmount> amounts, @Nullable Budget hard, Money largest, Duration lifetime) {
        String reservation = requestId + "/" + calls++;
        BudgetDecision decision;
        if (isStoreDown && hard != null) {
            return null;
        }
        try {
            settlements.settleKept(this::publish);
            decision = settlements.store().reserve(reservation, amounts, lifetime);
        } catch (RuntimeException failure) {
            isStoreDown = true;
            if (hard != null) {
                LOG.warn("a call was refused: nothing could be reserved of budget {}", hard.name(), failure);
                refuse(BudgetExceededException.storeFailed(hard, failure));
                return null;
            }
            LOG.warn(
                    "a call is made without a reservation of {}", amounts.get(0).budget(), failure);
            return BudgetHold.NONE;
        }
        publish(decision.crossings());
        if (decision.refusedBy().isPresent()) {
            String name = decision.refusedBy().get().budget().name();
            Money needed = amounts.stream()
                    .filter(amount -> amount.budget().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .amount();
            refuse(BudgetExceededException.exceeded(decision.refusedBy().get(), needed));
            return null;
        }
        return new ReservedBudgets(this, reservation, largest);
    }

    private void refuse(BudgetExceededException refused) {
        if (refusal == null || isNearer(refused, refusal)) {
            refusal = refused;
        }
    }

    /** The refusal that is worth showing: of the call that lacked least. */
    private static boolean isNearer(BudgetExceededException one, BudgetExceededException other) {
        return one.needed().isPresent()
                && (other.needed().isEmpty()
                        || one.needed().get().compareTo(other.needed().get()) < 0);
    }

    /** Why calls were refused; null while none was. */
    public @Nullable BudgetExceededException refusal() {
        return refusal;
    }

    void settle(String reservation, Money cost) {
        publish(settlements.settle(reservation, cost));
    }

    private void publish(List<BudgetCrossing> crossings) {
        for (BudgetCrossing crossing : crossings) {
            try {
                routing.events().onEvent(new Event.BudgetReached(time.wallTime(), crossing));
            } catch (Throwable failure) {
                LOG.warn("an event listener failed on a budget", failure);
            }
        }
    }
}
