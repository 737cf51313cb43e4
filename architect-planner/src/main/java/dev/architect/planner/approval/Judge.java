package dev.architect.planner.approval;

import java.time.Duration;

/**
 * A second opinion on what the rules allow, such as that of a model. It can only tighten: what it says about anything else is not
 * asked for, and what is looser than the rules' verdict counts for nothing.
 */
@FunctionalInterface
public interface Judge {

    /**
     * Returns a verdict on an action that the rules allow. A failure and an answer after the limit count as
     * {@link Verdict#ASK}. May block up to the limit; called by the thread that decides, by several at a time.
     *
     * @param limit the longest time for the answer
     */
    Verdict review(Action action, Context context, Decision allowed, Duration limit);
}
