package dev.architect.project.item;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * How an item is worked on.
 *
 * @param check how its completion is proven, at most 2,000 characters
 * @param worker the type of the tasks that work on it, at most 64 characters
 * @param block why it cannot go on; empty when it can
 */
public record ItemWork(Optional<String> check, Optional<String> worker, Optional<Block> block) {

    /** Nothing is known. */
    public static final ItemWork NONE = new ItemWork(Optional.empty(), Optional.empty(), Optional.empty());

    private static final int MAX_CHECK_CHARACTERS = 2_000;
    private static final int MAX_WORKER_CHARACTERS = 64;

    /** Checks every field. */
    public ItemWork {
        Check.notNull("check", check)
                .ifPresent(text -> Check.atMost("check", Check.notBlank("check", text), MAX_CHECK_CHARACTERS));
        Check.notNull("worker", worker)
                .ifPresent(text -> Check.atMost("worker", Check.notBlank("worker", text), MAX_WORKER_CHARACTERS));
        Check.notNull("block", block);
    }
}
