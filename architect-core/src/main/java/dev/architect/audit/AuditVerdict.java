package dev.architect.audit;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * What a check of a chain has found.
 *
 * @param entries how many entries were read
 * @param checkpoints how many checkpoints were compared; with none, a chain that was written anew is not found, nor is one whose end was cut
 *     off together with the note about it
 * @param fault the first fault; empty when there is none
 */
public record AuditVerdict(long entries, int checkpoints, Optional<Fault> fault) {

    /** Checks the components. */
    public AuditVerdict {
        Check.notNegative("entries", entries);
        Check.notNegative("checkpoints", checkpoints);
        Check.notNull("fault", fault);
    }

    /** Whether no fault was found. */
    public boolean isIntact() {
        return fault.isEmpty();
    }

    /**
     * The first place at which the chain is not what it was.
     *
     * @param kind what is wrong there
     * @param number of the entry, or the one that is missing
     */
    public record Fault(Kind kind, long number) {

        /** Checks the components. */
        public Fault {
            Check.notNull("kind", kind);
            Check.notNegative("number", number);
        }
    }

    /** What may be wrong. */
    public enum Kind {
        /** The hash does not follow from the entry and the one before: one of both was changed, put in or moved. */
        CHANGED,
        /** An entry is missing, before others. */
        MISSING,
        /** The last entries are missing. */
        CUT,
        /** The entry is not the one of a checkpoint: the chain was written anew. */
        REWRITTEN
    }
}
