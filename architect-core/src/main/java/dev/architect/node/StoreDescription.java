package dev.architect.node;

import dev.architect.check.Check;
import java.util.OptionalInt;

/**
 * What a store states about itself, for judging what its loss would cost. Further components will only be added at the end.
 *
 * @param kind its name for people, for example {@code PostgreSQL 16.4}
 * @param reach which processes can use it together
 * @param standbys how many servers have its data beside the one that is asked; empty when it is not known
 * @param detail what there is to say about the number of standbys, for example why it is not known; may be empty
 */
public record StoreDescription(String kind, Reach reach, OptionalInt standbys, String detail) {

    /** Of a store that states nothing. */
    public static final StoreDescription UNKNOWN =
            new StoreDescription("unknown", Reach.UNKNOWN, OptionalInt.empty(), "the store does not state it");

    /** The most characters of a text here. */
    public static final int MAX_LENGTH = 500;

    /** Which processes can use a store together. */
    public enum Reach {
        /** Those who hold the object: it ends with its process. */
        PROCESS,
        /** Those of one machine. */
        MACHINE,
        /** Those of all machines that reach it over the network. */
        NETWORK,
        /** It is not known. */
        UNKNOWN
    }

    /** Checks the texts and the number. */
    public StoreDescription {
        Check.notBlank("kind", kind);
        Check.atMost("kind", kind, MAX_LENGTH);
        Check.notNull("reach", reach);
        Check.notNull("standbys", standbys);
        standbys.ifPresent(count -> Check.notNegative("standbys", count));
        Check.atMost("detail", detail, MAX_LENGTH);
    }
}
