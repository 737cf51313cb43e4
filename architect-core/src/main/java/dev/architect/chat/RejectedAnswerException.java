package dev.architect.chat;

import dev.architect.error.ArchitectException;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import java.util.Set;

/**
 * A model answered a prompt task, but the request does not accept such an answer: it was refused, truncated, empty, or rejected by a
 * checker. See {@link
 * AcceptedAnswers}. The call is in the ledger with its cost.
 */
public final class RejectedAnswerException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient ModelId model;
    private final StopReason stopReason;
    private final boolean empty;
    private final String check;

    /** Creates the exception of an answer whose stop reason is not accepted. */
    RejectedAnswerException(ModelId model, StopReason stopReason, Set<StopReason> accepted) {
        super("answer of " + model + " has the stop reason " + stopReason + ", expected one of " + accepted);
        this.model = model;
        this.stopReason = stopReason;
        this.empty = false;
        this.check = "";
    }

    /** Creates the exception of an answer that a checker rejected, and for which there was no better one. */
    RejectedAnswerException(ModelId model, StopReason stopReason, AnswerVerdict verdict) {
        super("answer of " + model + " was rejected by a check (" + verdict.reason()
                + "), expected one that is accepted");
        this.model = model;
        this.stopReason = stopReason;
        this.empty = false;
        this.check = verdict.reason();
    }

    /** Creates the exception of an answer with neither text nor tool calls. */
    RejectedAnswerException(ModelId model, StopReason stopReason) {
        super("answer of " + model + " is empty and has the stop reason " + stopReason
                + ", expected text or tool calls");
        this.model = model;
        this.stopReason = stopReason;
        this.empty = true;
        this.check = "";
    }

    /** The model that answered, as the provider named it. */
    public ModelId model() {
        return model;
    }

    /** Why the answer ended. */
    public StopReason stopReason() {
        return stopReason;
    }

    /** Whether it was rejected because it had neither text nor tool calls; false when its stop reason is not accepted. */
    public boolean isEmpty() {
        return empty;
    }

    /** Why a checker rejected it, as a code; empty when none did. */
    public String check() {
        return check;
    }

    /**
     * True for an empty answer whose stop reason does not explain why: models give one now and then, and text the next time. A
     * refusal, a token limit or a tool call would come again.
     */
    @Override
    public boolean isTransient() {
        return empty
                && switch (stopReason) {
                    case COMPLETE, OTHER -> true;
                    case LENGTH, STOP_SEQUENCE, TOOL_CALLS, PAUSED, REFUSED -> false;
                };
    }
}
