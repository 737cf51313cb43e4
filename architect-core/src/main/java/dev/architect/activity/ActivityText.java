package dev.architect.activity;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetState;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.ActivityEntry;
import dev.architect.event.Event;
import dev.architect.task.TaskState;
import java.util.Locale;
import java.util.Optional;

/**
 * Renders events as entries of the activity log. Ordinary steps of ordinary tasks are left out, from being accepted to being done: the
 * task and its attempts show them.
 */
final class ActivityText {

    private ActivityText() {}

    static Optional<ActivityEntry> of(Event event) {
        if (event instanceof Event.TaskAttemptEnded ended) {
            return ended.outcome() == AttemptOutcome.SUCCEEDED
                    ? Optional.empty()
                    : entry(event, "attempt-ended", attempt(ended));
        }
        if (event instanceof Event.TaskEnded ended) {
            String state = ended.state().name().toLowerCase(Locale.ROOT);
            return ended.state() == TaskState.DONE
                    ? Optional.empty()
                    : entry(event, "task-" + state, "Task is " + state + ".");
        }
        if (event instanceof Event.TaskHeld) {
            return entry(event, "task-held", "Task is held by an operator.");
        }
        if (event instanceof Event.TaskResumed resumed) {
            return entry(
                    event,
                    "task-resumed",
                    "Task is ready again, resumed with" + (resumed.hasInput() ? " an input." : "out an input."));
        }
        if (event instanceof Event.TaskEdited edited) {
            return entry(event, "task-edited", "Task was changed: " + edited.what() + ".");
        }
        if (event instanceof Event.TaskRedriven) {
            return entry(event, "task-redriven", "Task had ended without a result and is ready again.");
        }
        if (event instanceof Event.CallEnded ended) {
            return ended.entry().outcome() == CallOutcome.ANSWERED
                            || ended.entry().outcome() == CallOutcome.REJECTED
                    ? Optional.empty()
                    : entry(event, "call-failed", call(ended.entry()));
        }
        if (event instanceof Event.FailedOver failover) {
            return entry(
                    event,
                    "failed-over",
                    "From " + failover.from() + " to " + failover.to() + " after " + failover.why() + ".");
        }
        if (event instanceof Event.AnswerChecked checked) {
            return checked.verdict().isRejected()
                    ? entry(
                            event,
                            "answer-rejected",
                            "Answer of " + checked.model() + " was rejected: "
                                    + checked.verdict().reason() + ".")
                    : Optional.empty();
        }
        if (event instanceof Event.BreakerChanged changed) {
            return entry(event, "breaker-changed", "Breaker of " + changed.model() + " is " + changed.state() + ".");
        }
        if (event instanceof Event.BudgetReached reached) {
            return entry(event, "budget-reached", budget(reached.crossing()));
        }
        if (event instanceof Event.PriceMissing missing) {
            return entry(
                    event,
                    "price-missing",
                    "A call of " + missing.model() + " has no price in the catalogue " + missing.catalogueVersion()
                            + ": it is counted as unpriced.");
        }
        if (event instanceof Event.PriceAged aged) {
            return entry(
                    event,
                    "price-aged",
                    "The price of " + aged.model() + " was checked on " + aged.checked() + ", more than 30 days ago.");
        }
        if (event instanceof Event.QueueChanged changed) {
            return entry(event, "queue-changed", "Queue " + changed.scope() + " has " + changed.what() + ".");
        }
        if (event instanceof Event.TypePaused changed) {
            return changed.isPaused()
                    ? entry(event, "type-paused", "No task of type " + changed.type() + " is started.")
                    : entry(event, "type-resumed", "Tasks of type " + changed.type() + " are started again.");
        }
        if (event instanceof Event.SessionOpened opened) {
            return entry(event, "session-opened", "Session " + opened.session() + " opened: " + opened.reason() + ".");
        }
        if (event instanceof Event.SessionDraining draining) {
            return entry(
                    event,
                    "session-draining",
                    "Session " + draining.session() + " takes nothing more, to "
                            + (draining.isReplaced() ? "be restarted." : "end."));
        }
        if (event instanceof Event.SessionClosed ended) {
            return entry(event, "session-closed", "Session " + ended.session() + " closed: " + ended.reason() + ".");
        }
        if (event instanceof Event.NodeJoined joined) {
            return entry(event, "node-joined", "Node incarnation " + joined.incarnation() + " joined.");
        }
        if (event instanceof Event.NodeLeft left) {
            return entry(event, "node-left", "Node incarnation " + left.incarnation() + " left.");
        }
        if (event instanceof Event.NodeCordoned cordoned) {
            return entry(
                    event,
                    "node-cordoned",
                    "Node incarnation " + cordoned.incarnation() + " claims nothing new, by the order "
                            + cordoned.order().name().toLowerCase(Locale.ROOT) + ".");
        }
        if (event instanceof Event.NodeDrained drained) {
            return entry(
                    event, "node-drained", "Node incarnation " + drained.incarnation() + " runs nothing any more.");
        }
        if (event instanceof Event.NodeResumed resumed) {
            return entry(
                    event, "node-resumed", "Node incarnation " + resumed.incarnation() + " may claim tasks again.");
        }
        if (event instanceof Event.TasksRecovered recovered) {
            return entry(
                    event,
                    "tasks-recovered",
                    recovered.tasks() + " tasks of dead incarnation " + recovered.deadIncarnation() + " recovered.");
        }
        return Optional.empty();
    }

    private static Optional<ActivityEntry> entry(Event event, String kind, String text) {
        return Optional.of(new ActivityEntry(0, event.at(), kind, event.about(), text));
    }

    private static String budget(BudgetCrossing crossing) {
        BudgetState state = crossing.state();
        return "Budget " + state.budget().name() + " is at " + crossing.percent() + " %: " + state.spent()
                + " spent and "
                + state.reserved() + " reserved of " + state.budget().limit()
                + state.resetsAt().map(at -> ", resets at " + at).orElse("") + ".";
    }

    private static String attempt(Event.TaskAttemptEnded ended) {
        String error = ended.error().map(text -> ": " + text).orElse("");
        return "Attempt " + ended.fencingToken().epoch() + " " + ended.outcome() + ", task is " + ended.next() + error
                + ".";
    }

    private static String call(LedgerEntry entry) {
        return "Call to " + entry.route().requested() + " " + entry.outcome()
                + entry.failure().map(kind -> ": " + kind).orElse("") + ".";
    }
}
