package dev.architect.testkit.shard;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import org.junit.jupiter.api.Nested;

/**
 * What every store must do that may be one of several. A store's test extends this class and opens two empty stores that have
 * nothing in common; JUnit then runs every case against them. The two may be of different kinds.
 */
public abstract class ShardContract {

    /** For subclasses. */
    protected ShardContract() {}

    /** Opens an empty store whose clock is {@code time}. The case closes it. */
    protected abstract Store openFirst(TimeSource time) throws Exception;

    /** Opens another empty store, with a database of its own. The case closes it. */
    protected abstract Store openSecond(TimeSource time) throws Exception;

    @Nested
    class Group extends ShardGroupCases {
        Group() {
            super(ShardContract.this);
        }
    }

    @Nested
    class Leaving extends ShardLeavingCases {
        Leaving() {
            super(ShardContract.this);
        }
    }

    @Nested
    class Arriving extends ShardArrivingCases {
        Arriving() {
            super(ShardContract.this);
        }
    }

    @Nested
    class Dependencies extends ShardDependencyCases {
        Dependencies() {
            super(ShardContract.this);
        }
    }
}
