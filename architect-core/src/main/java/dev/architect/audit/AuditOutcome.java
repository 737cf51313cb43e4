package dev.architect.audit;

import java.util.Locale;

/** How what was tried has ended. */
public enum AuditOutcome {
    /** It was done. */
    DONE,
    /** The caller may not do it; nothing was done. */
    REFUSED,
    /** It was not done, for another reason. */
    FAILED;

    /** The outcome in lower case, as in JSON and in the chain. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
