package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.model.StopReason;
import java.util.Optional;

/**
 * What an attempt brought.
 *
 * @param output what the worker returned; empty when it returned nothing
 * @param error what went wrong, without prompt text; empty after success
 * @param stopReason why the last answer that the attempt received from a model ended; empty without one
 */
public record AttemptResult(Optional<String> output, Optional<String> error, Optional<StopReason> stopReason) {

    /** Neither output nor error. */
    public static final AttemptResult NONE = new AttemptResult(Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks every field. */
    public AttemptResult {
        Check.notNull("output", output);
        Check.notNull("error", error);
        Check.notNull("stopReason", stopReason);
    }

    /** Returns the result of a worker that returned {@code output}. */
    public static AttemptResult output(String output) {
        return new AttemptResult(Optional.of(Check.notNull("output", output)), Optional.empty(), Optional.empty());
    }

    /** Returns the result of an attempt that ended with {@code error}. */
    public static AttemptResult error(String error) {
        return new AttemptResult(Optional.empty(), Optional.of(Check.notNull("error", error)), Optional.empty());
    }

    /** Returns this result with the reason why its last answer ended. */
    public AttemptResult withStopReason(StopReason reason) {
        return new AttemptResult(output, error, Optional.of(Check.notNull("stopReason", reason)));
    }

    /** Shows everything but the output. */
    @Override
    public String toString() {
        return "AttemptResult["
                + output.map(text -> text.length() + " characters").orElse("no output") + ", "
                + error.orElse("no error")
                + stopReason.map(reason -> ", " + reason).orElse("") + "]";
    }
}
