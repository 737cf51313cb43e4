package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.util.Optional;

/**
 * Who wants to do something.
 *
 * @param name such as {@code agent:builder}, at most {@value #MAX_CHARACTERS} characters
 * @param user the person on whose behalf, who cannot approve it; empty for none
 * @param task the task that waits for the decision and is held meanwhile; empty for none
 * @param run what an approval for a session lasts as long as; that of a task without one is {@code task:} and its id
 * @param epoch the epoch of the attempt that has asked, 0 without a task
 */
public record ReviewRequester(
        String name, Optional<String> user, Optional<TaskId> task, Optional<String> run, long epoch) {

    /** The most characters of a name. */
    public static final int MAX_CHARACTERS = 200;

    /** Checks every field. */
    public ReviewRequester {
        Check.atMost("name", Check.notBlank("name", name), MAX_CHARACTERS);
        Check.notNull("user", user).ifPresent(value -> Check.atMost("user", value, MAX_CHARACTERS));
        Check.notNull("task", task);
        Check.notNull("run", run).ifPresent(value -> Check.atMost("run", value, MAX_CHARACTERS));
        Check.notNegative("epoch", epoch);
        if (run.isEmpty()) {
            run = task.map(id -> "task:" + id);
        }
    }

    /** Returns one without a task. */
    public static ReviewRequester named(String name) {
        return new ReviewRequester(name, Optional.empty(), Optional.empty(), Optional.empty(), 0);
    }

    /** Returns the same for an attempt at a task. */
    public ReviewRequester withTask(TaskId id, long attemptEpoch) {
        return new ReviewRequester(name, user, Optional.of(Check.notNull("id", id)), run, attemptEpoch);
    }

    /** Returns the same in a run. */
    public ReviewRequester withRun(String value) {
        return new ReviewRequester(name, user, task, Optional.of(Check.notNull("value", value)), epoch);
    }

    /** Returns the same on behalf of a person. */
    public ReviewRequester withUser(String value) {
        return new ReviewRequester(name, Optional.of(Check.notNull("value", value)), task, run, epoch);
    }

    /** Whether {@code actor} is the requester, or the person on whose behalf it asks. */
    public boolean is(String actor) {
        Check.notNull("actor", actor);
        return name.equals(actor) || user.filter(actor::equals).isPresent();
    }
}
