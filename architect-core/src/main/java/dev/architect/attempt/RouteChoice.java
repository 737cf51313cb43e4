package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.ExclusionReason;
import dev.architect.route.SelectionReason;
import java.util.List;
import java.util.Optional;

/**
 * Why a request of an attempt went to the models that it went to. Holds no text of a prompt.
 *
 * @param requestId names the request in the ledger and in records; empty when no call of it was made
 * @param candidates who could have answered, first choice first; at most {@value #MAX_MODELS}
 * @param skipped who could not; at most {@value #MAX_MODELS}
 * @param calls the calls in the order of their ends; at most {@value #MAX_MODELS}
 * @param reused whose earlier answer to an equal request was given; empty when models were called
 */
public record RouteChoice(
        Optional<String> requestId,
        List<Chosen> candidates,
        List<Skipped> skipped,
        List<Called> calls,
        Optional<ModelId> reused) {

    /** The most models that one list here has: further ones are left out. */
    public static final int MAX_MODELS = 16;

    /**
     * A model that could have answered.
     *
     * @param model the model
     * @param reason why it is a candidate
     * @param quality its quality by the policy, 0 to 100
     */
    public record Chosen(ModelId model, SelectionReason reason, int quality) {

        /** Checks every field. */
        public Chosen {
            Check.notNull("model", model);
            Check.notNull("reason", reason);
            Check.notNegative("quality", quality);
        }
    }

    /**
     * A model that could not have answered.
     *
     * @param model the model
     * @param reason why
     */
    public record Skipped(ModelId model, ExclusionReason reason) {

        /** Checks both. */
        public Skipped {
            Check.notNull("model", model);
            Check.notNull("reason", reason);
        }
    }

    /**
     * A call that was made.
     *
     * @param model the model
     * @param failure what went wrong; empty when it answered
     */
    public record Called(ModelId model, Optional<FailureKind> failure) {

        /** Checks both. */
        public Called {
            Check.notNull("model", model);
            Check.notNull("failure", failure);
        }
    }

    /** Copies the lists and checks every field. */
    public RouteChoice {
        Check.notNull("requestId", requestId);
        candidates = List.copyOf(Check.noNulls("candidates", candidates));
        skipped = List.copyOf(Check.noNulls("skipped", skipped));
        calls = List.copyOf(Check.noNulls("calls", calls));
        Check.range("candidates size", candidates.size(), 0, MAX_MODELS);
        Check.range("skipped size", skipped.size(), 0, MAX_MODELS);
        Check.range("calls size", calls.size(), 0, MAX_MODELS);
        Check.notNull("reused", reused);
    }

    /** The model that answered; empty when none did. */
    public Optional<ModelId> answeredBy() {
        return reused.or(() -> calls.stream()
                .filter(call -> call.failure().isEmpty())
                .reduce((earlier, later) -> later)
                .map(Called::model));
    }
}
