package dev.architect.chat;

import dev.architect.check.Check;
import java.util.regex.Pattern;

/**
 * What the checks of an answer came to.
 *
 * @param kind the outcome
 * @param reason why it was rejected: a code of 1 to 64 lower-case letters, digits and dashes, never text of the answer; empty
 *     otherwise
 */
public record AnswerVerdict(Kind kind, String reason) {

    /** An outcome. */
    public enum Kind {
        /** No checker looked at the answer. */
        UNCHECKED,
        /** Every checker accepted it. */
        ACCEPTED,
        /** A checker could not tell, and none rejected it. */
        UNSURE,
        /** A checker rejected it. */
        REJECTED
    }

    private static final Pattern CODE = Pattern.compile("[a-z0-9-]{1,64}");

    private static final AnswerVerdict UNCHECKED = new AnswerVerdict(Kind.UNCHECKED, "");
    private static final AnswerVerdict ACCEPTED = new AnswerVerdict(Kind.ACCEPTED, "");
    private static final AnswerVerdict UNSURE = new AnswerVerdict(Kind.UNSURE, "");

    /** Checks that a reason is given exactly with a rejection, and that it is a code. */
    public AnswerVerdict {
        Check.notNull("kind", kind);
        Check.notNull("reason", reason);
        if (kind == Kind.REJECTED ? !CODE.matcher(reason).matches() : !reason.isEmpty()) {
            // Without the value: it may be text of an answer.
            throw new IllegalArgumentException(
                    "reason of " + kind + " has " + reason.length() + " characters, expected "
                            + (kind == Kind.REJECTED ? "1 to 64 lower-case letters, digits and dashes" : "none"));
        }
    }

    /** No checker looked at the answer. */
    public static AnswerVerdict unchecked() {
        return UNCHECKED;
    }

    /** The answer is right, as far as the checker can tell. */
    public static AnswerVerdict accepted() {
        return ACCEPTED;
    }

    /** The checker cannot tell. */
    public static AnswerVerdict unsure() {
        return UNSURE;
    }

    /** The answer is wrong, for the reason of that code. */
    public static AnswerVerdict rejected(String reason) {
        return new AnswerVerdict(Kind.REJECTED, reason);
    }

    /** Whether the answer was rejected. */
    public boolean isRejected() {
        return kind == Kind.REJECTED;
    }
}
