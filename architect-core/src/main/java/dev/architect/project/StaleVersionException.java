package dev.architect.project;

import dev.architect.check.Check;
import java.util.Set;
import java.util.TreeSet;

/** A change was made from a version that is no longer the newest; nothing was changed. Whoever changes other fields may merge and repeat. */
public final class StaleVersionException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final transient Versioned current;
    private final TreeSet<String> changed;

    /**
     * Creates the refusal.
     *
     * @param what names the thing, for example {@code item WEB-12}
     * @param seen the version that the change was made from
     * @param current the thing as it is now
     * @param changed the names of the fields that were changed since
     */
    public StaleVersionException(String what, long seen, Versioned current, Set<String> changed) {
        super(Check.notNull("what", what) + " has version "
                + Check.notNull("current", current).revision().version() + ", expected " + seen
                + "; changed since: " + new TreeSet<>(Check.noNulls("changed", changed)));
        this.current = current;
        this.changed = new TreeSet<>(changed);
    }

    /** The thing as it is now. */
    public Versioned current() {
        return current;
    }

    /** The names of the fields that were changed since. */
    public Set<String> changed() {
        return Set.copyOf(changed);
    }
}
