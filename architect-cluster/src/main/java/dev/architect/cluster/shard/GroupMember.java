package dev.architect.cluster.shard;

import dev.architect.shard.ShardStore;
import dev.architect.spi.Store;
import org.jspecify.annotations.Nullable;

/** A store of the group. */
record GroupMember(int number, String name, Store store, ShardStore shards) {

    private static final int STORE_BITS = 10;

    /** The number that an incarnation of this store has in the whole group. */
    long global(long local) {
        return (local << STORE_BITS) | number;
    }

    /** The number of the store of an incarnation. */
    static int numberOf(long global) {
        return (int) (global & ((1 << STORE_BITS) - 1));
    }

    /** The number that an incarnation has in its own store. */
    static long localOf(long global) {
        return global >> STORE_BITS;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GroupMember member && member.number == number;
    }

    /** By number alone: the code of a store may be its host's. */
    @Override
    public int hashCode() {
        return number;
    }
}
