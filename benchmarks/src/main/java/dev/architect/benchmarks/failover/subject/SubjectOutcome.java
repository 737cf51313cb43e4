package dev.architect.benchmarks.failover.subject;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a request came to, as the host sees it.
 *
 * @param kind answered, failed, or neither in time
 * @param text the text that the host holds at the end; of a failed request it is what was shown before
 * @param model the model that the response names; empty when it names none
 * @param outputTokens the tokens of the answer as the response reports them; empty when it reports none
 * @param error class and message of the failure and of its causes; empty when there is none
 * @param isTyped whether a program can tell what kind of failure it is
 */
public record SubjectOutcome(
        Kind kind, String text, Optional<String> model, OptionalLong outputTokens, String error, boolean isTyped) {

    private static final int MOST_CAUSES = 6;

    /** How a request ended. */
    public enum Kind {
        /** With an answer that was presented as such. */
        ANSWERED,
        /** With an exception. */
        FAILED,
        /** Not before the time that the scenario allows. */
        HUNG
    }

    /** Returns an answer. */
    public static SubjectOutcome answered(String text, Optional<String> model, OptionalLong outputTokens) {
        return new SubjectOutcome(Kind.ANSWERED, text, model, outputTokens, "", true);
    }

    /** Returns a failure, which is typed when it or one of its causes is more than an exception of the language. */
    public static SubjectOutcome failed(String textBefore, Throwable failure) {
        StringBuilder error = new StringBuilder();
        boolean isTyped = false;
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            error.append(i == 0 ? "" : "; ")
                    .append(cause.getClass().getName())
                    .append(": ")
                    .append(cause.getMessage());
            // Exceptions of the language alone say nothing about what failed.
            isTyped |= cause instanceof Exception
                    && !cause.getClass().getPackageName().equals("java.lang");
            cause = cause.getCause();
        }
        return new SubjectOutcome(
                Kind.FAILED,
                textBefore,
                Optional.empty(),
                OptionalLong.empty(),
                error.toString().replaceAll("\\s+", " "),
                isTyped);
    }

    /** Returns what became of a request that has not ended. */
    public static SubjectOutcome hung() {
        return new SubjectOutcome(Kind.HUNG, "", Optional.empty(), OptionalLong.empty(), "", false);
    }

    /** Whether it was answered. */
    public boolean isAnswered() {
        return kind == Kind.ANSWERED;
    }

    /** Whether a failure says that the content was refused. */
    public boolean namesRefusal() {
        String words = error.toLowerCase(Locale.ROOT);
        return words.contains("content_policy")
                || words.contains("content_refused")
                || words.contains("content filter");
    }
}
