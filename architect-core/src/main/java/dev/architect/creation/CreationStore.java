package dev.architect.creation;

import dev.architect.error.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The answers of creations by their keys, so that a client that does not know whether its request arrived sends it again and creates nothing
 * more.
 *
 * <p>Methods block until a change is durable, throw a {@link StoreException} when the store fails, and are safe for use by several threads.
 */
public interface CreationStore {

    /** How long an answer is kept, from the creation on. */
    Duration RETENTION = Duration.ofHours(24);

    /**
     * Returns the answer of the creation with that key; empty when there was none, or not within {@link #RETENTION}.
     *
     * @throws CreationKeyReusedException when the key was used with another request
     */
    Optional<CreatedAnswer> find(CreationKey key);

    /**
     * Makes a creation, unless it was made before.
     *
     * <p>A store with transactions writes the answer in the one that creates: in the first change of this store that {@code creation} makes
     * on its thread and whose result {@code made} has an answer for. Where there is no such change, the answer is written by itself when
     * {@code creation} has returned. When {@code creation} throws, nothing is written, and a repetition tries again.
     *
     * @param made returns the answer when what a change of the store has returned is what is created, an {@code Optional} taken out of
     *     itself; called in the transaction, perhaps several times, on any thread, so it does nothing else
     * @param creation creates, and returns the same answer
     * @throws CreationKeyReusedException when the key was used with another request
     * @throws CreationInProgressException when the same creation is being made; a store may wait for the other one instead
     */
    CreationOutcome once(
            CreationKey key, Function<Object, Optional<CreatedAnswer>> made, Supplier<CreatedAnswer> creation);
}
