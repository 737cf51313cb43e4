package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.model.StopReason;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which answers of a prompt task count as success, and which checkers look at the answers of any request. An answer that is not accepted ends the attempt with a {@link
 * RejectedAnswerException}; what it cost stays in the ledger. A direct request returns every answer, with its stop reason.
 *
 * @param stopReasons the reasons to end that are accepted
 * @param empty whether an answer with neither text nor tool calls is accepted; the output of the task is then empty
 * @param checks the names under which the router knows the checkers that must not reject the answer, beside those that its policy
 *     asks; at most 16
 */
public record AcceptedAnswers(Set<StopReason> stopReasons, boolean empty, Set<String> checks) {

    private static final int MAX_CHECKS = 16;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /**
     * Every answer that has text or tool calls and was not refused. One that was truncated ({@link StopReason#LENGTH}, {@link
     * StopReason#PAUSED}) is accepted: it is paid for, often of use, and its stop reason stands beside it.
     */
    public static final AcceptedAnswers DEFAULT =
            new AcceptedAnswers(EnumSet.complementOf(EnumSet.of(StopReason.REFUSED)), false);

    /** Answers that the model has finished, with text and without tool calls that wait. For work that cannot use a part, such as JSON. */
    public static final AcceptedAnswers FINISHED =
            new AcceptedAnswers(EnumSet.of(StopReason.COMPLETE, StopReason.STOP_SEQUENCE), false);

    /** Every answer, also refused and empty ones: the caller looks at the stop reason. */
    public static final AcceptedAnswers ANY = new AcceptedAnswers(EnumSet.allOf(StopReason.class), true);

    /** Creates a rule without checkers. */
    public AcceptedAnswers(Set<StopReason> stopReasons, boolean empty) {
        this(stopReasons, empty, Set.of());
    }

    /**
     * Copies the sets and checks them.
     *
     * @throws IllegalArgumentException when no stop reason is accepted: no task could succeed
     */
    public AcceptedAnswers {
        Check.noNulls("stopReasons", stopReasons);
        if (stopReasons.isEmpty()) {
            throw new IllegalArgumentException("stopReasons is empty, expected 1 stop reason or more");
        }
        // In the order of the enum, so that messages and JSON do not vary.
        stopReasons = Collections.unmodifiableSet(EnumSet.copyOf(stopReasons));
        checks = Collections.unmodifiableSet(new TreeSet<>(Check.noNulls("checks", checks)));
        Check.range("checks size", checks.size(), 0, MAX_CHECKS);
        for (String name : checks) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "check is '" + name + "', expected 1 to 64 lower-case letters, digits and dashes");
            }
        }
    }

    /** Returns this rule with one more checker, by its name. */
    public AcceptedAnswers checkedBy(String name) {
        Set<String> more = new TreeSet<>(checks);
        more.add(Check.notNull("name", name));
        return new AcceptedAnswers(stopReasons, empty, more);
    }

    /**
     * Checks an answer.
     *
     * @throws RejectedAnswerException when it is not accepted
     */
    public void check(ChatResponse answer) {
        boolean isEmpty = Check.notNull("answer", answer).text().isBlank()
                && answer.toolCalls().isEmpty();
        if (!stopReasons.contains(answer.stopReason())) {
            throw new RejectedAnswerException(answer.model(), answer.stopReason(), stopReasons);
        }
        if (isEmpty && !empty) {
            throw new RejectedAnswerException(answer.model(), answer.stopReason());
        }
        if (answer.verdict().isRejected()) {
            throw new RejectedAnswerException(answer.model(), answer.stopReason(), answer.verdict());
        }
    }
}
