package dev.architect.event;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.budget.BudgetCrossing;
import dev.architect.chat.AnswerVerdict;
import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.lane.LaneScope;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.node.NodeOrder;
import dev.architect.project.item.ItemId;
import dev.architect.record.DecisionRecord;
import dev.architect.route.BreakerState;
import dev.architect.route.Route;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Something that happened. For every task the events come in this order; square brackets may be absent, and a star means
 * any number of times:
 *
 * <pre>
 * TaskSubmitted
 *   ( TaskStarted
 *       ( TaskProgressed )*
 *       ( RouteChosen
 *           ( CallEnded [AnswerChecked] [FailedOver] )* )*
 *       ( AnswerReused | DecisionRecorded )*
 *     TaskAttemptEnded
 *     [TaskHeld] [TaskEdited] [TaskResumed] )*
 * [TaskEnded]                      once, when a final state is recorded
 * [TaskRedriven]                   a dead, cancelled or expired task is ready again; goes on with TaskStarted
 *
 * BreakerChanged                   a provider's circuit breaker opened, half-opened or closed
 * BudgetReached                    most of a budget is spent, or all of it
 * PriceMissing, PriceAged          a model has no price, or one that was checked long ago
 * QueueChanged                     a queue or a tenant has other settings
 * TypePaused                       a type of tasks is paused, or goes on
 * SessionOpened
 *   [SessionDraining]              it was asked to take nothing more
 * SessionClosed                    a session of the pool began and ended
 * NodeJoined
 *   ( NodeCordoned [NodeDrained] [NodeResumed] )*   by orders to this node
 * NodeLeft                         this node began and ended
 * TasksRecovered                   tasks of a dead node were made ready again
 * EventsDropped                    this listener and its neighbours were too slow, and missed events
 * </pre>
 *
 * <p>Every {@code TaskStarted} has one {@code TaskAttemptEnded} unless the node dies. Events about a state come after the
 * state is recorded; a fast node may start a task before the submitting thread has published
 * {@code TaskSubmitted}. Events hold no prompt text and no secrets.
 */
public sealed interface Event {

    /** When it happened, by the wall clock of the node. */
    Instant at();

    /** The task it is about, empty for events of the node. */
    default Optional<TaskId> about() {
        return Optional.empty();
    }

    /** A task was accepted: it is in the store. */
    record TaskSubmitted(Instant at, TaskId task, String type) implements Event {

        /** Checks every field. */
        public TaskSubmitted {
            Check.notNull("at", at);
            Check.notNull("task", task);
            Check.notNull("type", type);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(task);
        }
    }

    /** An attempt began on a session. {@code waited} is the time since the task became ready. */
    record TaskStarted(
            Instant at, FencingToken fencingToken, String session, int attempt, Duration waited, Optional<ItemId> item)
            implements Event {

        /** Creates the event of a task of no item. */
        public TaskStarted(Instant at, FencingToken fencingToken, String session, int attempt, Duration waited) {
            this(at, fencingToken, session, attempt, waited, Optional.empty());
        }

        /** Checks every field. */
        public TaskStarted {
            Check.notNull("at", at);
            Check.notNull("fencingToken", fencingToken);
            Check.notNull("session", session);
            Check.notNull("waited", waited);
            Check.notNull("item", item);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(fencingToken.id());
        }
    }

    /** A worker has stated how far it has come, and that is recorded; every two seconds at most. */
    record TaskProgressed(Instant at, FencingToken fencingToken, int percent) implements Event {

        /** Checks every field. */
        public TaskProgressed {
            Check.notNull("at", at);
            Check.notNull("fencingToken", fencingToken);
            Check.range("percent", percent, 0, 100);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(fencingToken.id());
        }
    }

    /** An attempt ended and that is recorded. {@code next} is where the task stands now. */
    record TaskAttemptEnded(
            Instant at, FencingToken fencingToken, AttemptOutcome outcome, TaskState next, Optional<String> error)
            implements Event {

        /** Checks every field. */
        public TaskAttemptEnded {
            Check.notNull("at", at);
            Check.notNull("fencingToken", fencingToken);
            Check.notNull("outcome", outcome);
            Check.notNull("next", next);
            Check.notNull("error", error);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(fencingToken.id());
        }
    }

    /** A task reached its final state. */
    record TaskEnded(Instant at, TaskId task, TaskState state) implements Event {

        /** Checks every field. */
        public TaskEnded {
            Check.notNull("at", at);
            Check.notNull("task", task);
            Check.notNull("state", state);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(task);
        }
    }

    /** An operator holds a waiting task back. A task that its worker holds ends its attempt in {@code HELD}. */
    record TaskHeld(Instant at, TaskId task) implements Event {

        /** Checks every field. */
        public TaskHeld {
            Check.notNull("at", at);
            Check.notNull("task", task);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(task);
        }
    }

    /** A held task was made ready. {@code hasInput} is whether its worker gets an input that was given with it. */
    record TaskResumed(Instant at, TaskId task, boolean hasInput) implements Event {

        /** Checks every field. */
        public TaskResumed {
            Check.notNull("at", at);
            Check.notNull("task", task);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(task);
        }
    }

    /** A task that waits was changed; {@code what} names what of it, for people, and holds none of the values. */
    record TaskEdited(Instant at, TaskId task, String what) implements Event {

        /** Checks every field. */
        public TaskEdited {
            Check.notNull("at", at);
            Check.notNull("task", task);
            Check.notNull("what", what);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(task);
        }
    }

    /** A dead, cancelled or expired task was made ready again. */
    record TaskRedriven(Instant at, TaskId task) implements Event {

        /** Checks every field. */
        public TaskRedriven {
            Check.notNull("at", at);
            Check.notNull("task", task);
        }

        @Override
        public Optional<TaskId> about() {
            return Optional.of(task);
        }
    }

    /** A route was chosen. {@code task} is empty for a direct request. */
    record RouteChosen(Instant at, Optional<TaskId> task, Route route) implements Event {

        /** Checks every field. */
        public RouteChosen {
            Check.notNull("at", at);
            Check.notNull("task", task);
            Check.notNull("route", route);
        }

        @Override
        public Optional<TaskId> about() {
            return task;
        }
    }

    /**
     * A call to a provider ended; {@code entry} is what the ledger keeps of it, and {@code firstToken} how long a streamed one took until
     * the first part of its answer.
     */
    record CallEnded(Instant at, LedgerEntry entry, Optional<Duration> firstToken) implements Event {

        /** Creates the event of a call that was not streamed, or had no answer. */
        public CallEnded(Instant at, LedgerEntry entry) {
            this(at, entry, Optional.empty());
        }

        /** Checks every field. */
        public CallEnded {
            Check.notNull("at", at);
            Check.notNull("entry", entry);
            Check.notNull("firstToken", firstToken);
        }

        @Override
        public Optional<TaskId> about() {
            return entry.origin().task();
        }
    }

    /** The next candidate is tried because one failed. {@code task} is empty for a direct request. */
    record FailedOver(Instant at, Optional<TaskId> task, ModelId from, ModelId to, FailureKind why) implements Event {

        /** Checks every field. */
        public FailedOver {
            Check.notNull("at", at);
            Check.notNull("task", task);
            Check.notNull("from", from);
            Check.notNull("to", to);
            Check.notNull("why", why);
        }

        @Override
        public Optional<TaskId> about() {
            return task;
        }
    }

    /** An answer was checked. {@code task} is empty for a direct request. */
    record AnswerChecked(Instant at, Optional<TaskId> task, String requestId, ModelId model, AnswerVerdict verdict)
            implements Event {

        /** Checks every field. */
        public AnswerChecked {
            Check.notNull("at", at);
            Check.notNull("task", task);
            Check.notNull("requestId", requestId);
            Check.notNull("model", model);
            Check.notNull("verdict", verdict);
        }

        @Override
        public Optional<TaskId> about() {
            return task;
        }
    }

    /**
     * A request was answered from a cache, without a call. {@code task} is empty for a direct request; {@code avoided} is what the call
     * cost that gave the answer, which {@code model} did.
     */
    record AnswerReused(Instant at, Optional<TaskId> task, String requestId, ModelId model, Cost avoided)
            implements Event {

        /** Checks every field. */
        public AnswerReused {
            Check.notNull("at", at);
            Check.notNull("task", task);
            Check.notNull("requestId", requestId);
            Check.notNull("model", model);
            Check.notNull("avoided", avoided);
        }

        @Override
        public Optional<TaskId> about() {
            return task;
        }
    }

    /** A decision was sampled, and what came of it. */
    record DecisionRecorded(Instant at, DecisionRecord decision) implements Event {

        /** Checks every field. */
        public DecisionRecorded {
            Check.notNull("at", at);
            Check.notNull("decision", decision);
        }

        @Override
        public Optional<TaskId> about() {
            return decision.task();
        }
    }

    /** The circuit breaker of a model changed. */
    record BreakerChanged(Instant at, ModelId model, BreakerState state) implements Event {

        /** Checks every field. */
        public BreakerChanged {
            Check.notNull("at", at);
            Check.notNull("model", model);
            Check.notNull("state", state);
        }

        /** The provider of the model. */
        public String provider() {
            return model.provider();
        }
    }

    /** A budget came to a part of its limit for the first time within its period. */
    record BudgetReached(Instant at, BudgetCrossing crossing) implements Event {

        /** Checks every field. */
        public BudgetReached {
            Check.notNull("at", at);
            Check.notNull("crossing", crossing);
        }
    }

    /**
     * A call has no price: its model, or something that it used, is not in the catalogue. Raised for the first such call of a model within a day.
     *
     * @param model the model that answered
     * @param catalogueVersion the catalogue by which it has no price
     */
    record PriceMissing(Instant at, ModelId model, String catalogueVersion) implements Event {

        /** Checks every field. */
        public PriceMissing {
            Check.notNull("at", at);
            Check.notNull("model", model);
            Check.notNull("catalogueVersion", catalogueVersion);
        }
    }

    /**
     * A call was priced by rates that were checked more than 30 days ago. Raised once a day for each model; models that are free have no age.
     *
     * @param model the model that answered
     * @param checked the day on which its rates were read
     */
    record PriceAged(Instant at, ModelId model, LocalDate checked) implements Event {

        /** Checks every field. */
        public PriceAged {
            Check.notNull("at", at);
            Check.notNull("model", model);
            Check.notNull("checked", checked);
        }
    }

    /**
     * The settings of a queue, or of one of its tenants, were changed on this node.
     *
     * @param what the settings now, for people
     */
    record QueueChanged(Instant at, LaneScope scope, String what) implements Event {

        /** Checks every field. */
        public QueueChanged {
            Check.notNull("at", at);
            Check.notNull("scope", scope);
            Check.notNull("what", what);
        }
    }

    /**
     * A type of tasks was paused on all nodes, or goes on; by this node.
     *
     * @param type the type
     * @param isPaused whether none of its tasks is started from now on
     */
    record TypePaused(Instant at, String type, boolean isPaused) implements Event {

        /** Checks every field. */
        public TypePaused {
            Check.notNull("at", at);
            Check.notNull("type", type);
        }
    }

    /** A session joined the pool. */
    record SessionOpened(Instant at, String session, String reason) implements Event {

        /** Checks every field. */
        public SessionOpened {
            Check.notNull("at", at);
            Check.notNull("session", session);
            Check.notNull("reason", reason);
        }
    }

    /**
     * A session was asked to drain: it takes nothing more, and leaves the pool when it runs nothing any more.
     *
     * @param isReplaced whether another one is opened in its place then, also when the pool has its minimum without it
     */
    record SessionDraining(Instant at, String session, boolean isReplaced) implements Event {

        /** Checks every field. */
        public SessionDraining {
            Check.notNull("at", at);
            Check.notNull("session", session);
        }
    }

    /** A session left the pool. */
    record SessionClosed(Instant at, String session, String reason) implements Event {

        /** Checks every field. */
        public SessionClosed {
            Check.notNull("at", at);
            Check.notNull("session", session);
            Check.notNull("reason", reason);
        }
    }

    /** This node began to work. */
    record NodeJoined(Instant at, long incarnation) implements Event {

        /** Checks every field. */
        public NodeJoined {
            Check.notNull("at", at);
        }
    }

    /** This node ended in order. */
    record NodeLeft(Instant at, long incarnation) implements Event {

        /** Checks every field. */
        public NodeLeft {
            Check.notNull("at", at);
        }
    }

    /** This node was asked to claim nothing new. {@code order} is what it was asked, to cordon or to drain. */
    record NodeCordoned(Instant at, long incarnation, NodeOrder order) implements Event {

        /** Checks every field. */
        public NodeCordoned {
            Check.notNull("at", at);
            Check.notNull("order", order);
        }
    }

    /** This node was asked to drain, and runs nothing any more. */
    record NodeDrained(Instant at, long incarnation) implements Event {

        /** Checks every field. */
        public NodeDrained {
            Check.notNull("at", at);
        }
    }

    /** This node may claim tasks again: an order was taken back, or ended with the incarnation that it was given to. */
    record NodeResumed(Instant at, long incarnation) implements Event {

        /** Checks every field. */
        public NodeResumed {
            Check.notNull("at", at);
        }
    }

    /** The listeners were too slow for so many events, which they have missed. */
    record EventsDropped(Instant at, long events) implements Event {

        /** Checks every field. */
        public EventsDropped {
            Check.notNull("at", at);
        }
    }

    /** Tasks of a dead node were made ready again. */
    record TasksRecovered(Instant at, long deadIncarnation, int tasks) implements Event {

        /** Checks every field. */
        public TasksRecovered {
            Check.notNull("at", at);
        }
    }
}
