package dev.architect.testkit.store;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.time.ManualTime;
import org.junit.jupiter.api.Nested;

/**
 * What every store must do. A store's test extends this class and opens an empty store; JUnit then runs every
 * case against it. Each case opens its own store, and time is {@link ManualTime}.
 */
public abstract class StoreContract {

    /** For subclasses. */
    protected StoreContract() {}

    /** Opens an empty store whose clock is {@code time}. The case closes it. */
    protected abstract Store open(TimeSource time) throws Exception;

    /**
     * Opens another handle on the database of {@code open}, as a second process does. A store that exists only as one object returns
     * that object. The case closes it.
     */
    protected abstract Store openAnother(Store open, TimeSource time) throws Exception;

    /** Simulates the death of the process of {@code incarnation}, which joined {@code store} and does not leave. */
    protected abstract void kill(Store store, long incarnation) throws Exception;

    @Nested
    class Submit extends StoreSubmitCases {
        Submit() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Claim extends StoreClaimCases {
        Claim() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Finish extends StoreFinishCases {
        Finish() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Cancel extends StoreCancelCases {
        Cancel() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Reap extends StoreReapCases {
        Reap() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Hold extends StoreHoldCases {
        Hold() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Redrive extends StoreRedriveCases {
        Redrive() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Key extends StoreKeyCases {
        Key() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Purge extends StorePurgeCases {
        Purge() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Read extends StoreReadCases {
        Read() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Page extends StorePageCases {
        Page() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Node extends StoreNodeCases {
        Node() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Ledger extends StoreLedgerCases {
        Ledger() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Spend extends StoreSpendCases {
        Spend() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Activity extends StoreActivityCases {
        Activity() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Quota extends StoreQuotaCases {
        Quota() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Records extends StoreRecordCases {
        Records() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Changes extends StoreChangeCases {
        Changes() {
            super(StoreContract.this);
        }
    }

    @Nested
    class TwoHandles extends StoreTwoHandleCases {
        TwoHandles() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Concurrency extends StoreConcurrencyCases {
        Concurrency() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Close extends StoreCloseCases {
        Close() {
            super(StoreContract.this);
        }
    }
}
