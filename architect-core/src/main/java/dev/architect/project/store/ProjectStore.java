package dev.architect.project.store;

import dev.architect.project.ProjectId;
import java.time.Instant;
import java.util.Set;

/**
 * Projects, their boards and items. The rules of projects are not the store's: whoever changes something reads what the rules need and writes what
 * follows from them in one {@linkplain #change change}, which excludes others on the same projects. Methods block until a change is durable
 * and are safe for use by several threads.
 */
public interface ProjectStore {

    /** The time by the store's clock, in full microseconds. */
    Instant now();

    /**
     * Reads at one time.
     *
     * @throws dev.architect.error.StoreException when the store fails
     */
    <T> T read(Reading<T> reading);

    /**
     * Makes a change as a whole, or nothing of it when it throws. No other change that names one of the same projects runs meanwhile, in any
     * process; changes that make projects exclude each other.
     *
     * @param projects those that are changed, which may not exist yet; 1 to 100
     * @throws dev.architect.error.StoreException when the store fails
     */
    <T> T change(Set<ProjectId> projects, Change<T> change);

    /**
     * Reads something.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    interface Reading<T> {

        /** Reads. May be called again. */
        T read(ProjectReads reads);
    }

    /**
     * Changes something.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    interface Change<T> {

        /** Makes the change. May be called again when a transaction was lost, so it changes nothing else. */
        T make(ProjectRows rows);
    }
}
