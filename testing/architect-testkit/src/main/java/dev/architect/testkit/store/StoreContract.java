package dev.architect.testkit.store;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.store.dependency.StoreDependencyCases;
import dev.architect.testkit.store.dependency.StoreDependencyFailureCases;
import dev.architect.testkit.store.dependency.StoreDependencyRaceCases;
import dev.architect.testkit.store.dependency.StoreGraphCases;
import dev.architect.testkit.store.dependency.StoreParentChangeCases;
import dev.architect.testkit.store.flow.StoreStepCases;
import dev.architect.testkit.store.ledger.StoreCallOriginCases;
import dev.architect.testkit.store.ledger.StoreExportCases;
import dev.architect.testkit.store.ledger.StoreLedgerQueryCases;
import dev.architect.testkit.store.ledger.StoreLedgerRetentionCases;
import dev.architect.testkit.store.ledger.StoreLookupCases;
import dev.architect.testkit.store.ledger.StoreMeteredCallCases;
import dev.architect.testkit.store.node.StoreAccessCases;
import dev.architect.testkit.store.node.StoreAuditCases;
import dev.architect.testkit.store.node.StoreBudgetCases;
import dev.architect.testkit.store.node.StoreChangeLogCases;
import dev.architect.testkit.store.node.StoreCreationCases;
import dev.architect.testkit.store.node.StoreDocumentCases;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.store.node.StoreMembershipCases;
import dev.architect.testkit.store.node.StoreMessageCases;
import dev.architect.testkit.store.node.StoreNodeCases;
import dev.architect.testkit.store.node.StoreReviewCases;
import dev.architect.testkit.store.node.StoreRoleCases;
import dev.architect.testkit.store.node.StoreScheduleCases;
import dev.architect.testkit.store.waiting.StoreAffinityCases;
import dev.architect.testkit.store.waiting.StoreBulkCases;
import dev.architect.testkit.store.waiting.StoreEditCases;
import dev.architect.testkit.store.waiting.StoreExpiryCases;
import dev.architect.testkit.store.waiting.StoreLaneCases;
import dev.architect.testkit.store.waiting.StoreLimitCases;
import dev.architect.testkit.store.waiting.StoreUniqueKeyCases;
import dev.architect.testkit.store.waiting.StoreUniqueKeyRaceCases;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
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

    /**
     * Lets {@code silence} pass without a beat of {@code incarnation}, as {@code store} judges it. By default the clock goes on while the store
     * looks at its nodes each second; a store that judges by a clock of its own overrides it.
     */
    protected void silence(Store store, ManualTime time, long incarnation, Duration silence) throws Exception {
        Duration step = Duration.ofSeconds(1);
        store.nodes().nodes();
        for (Duration left = silence; left.compareTo(Duration.ZERO) > 0; left = left.minus(step)) {
            time.advance(left.compareTo(step) < 0 ? left : step);
            store.nodes().nodes();
        }
    }

    /**
     * Whether the store keeps a log of its changes, which is to be expected. A store of several others has none: their numbers have no order
     * among each other.
     */
    protected boolean hasChangeLog() {
        return true;
    }

    /** The same for cases of other packages. */
    private StoreHandles handles() {
        return new StoreHandles() {
            @Override
            public Store open(TimeSource time) throws Exception {
                return StoreContract.this.open(time);
            }

            @Override
            public Store openAnother(Store open, TimeSource time) throws Exception {
                return StoreContract.this.openAnother(open, time);
            }

            @Override
            public void kill(Store store, long incarnation) throws Exception {
                StoreContract.this.kill(store, incarnation);
            }

            @Override
            public void silence(Store store, ManualTime time, long incarnation, Duration silence) throws Exception {
                StoreContract.this.silence(store, time, incarnation, silence);
            }

            @Override
            public boolean hasChangeLog() {
                return StoreContract.this.hasChangeLog();
            }
        };
    }

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
    class UniqueKeys extends StoreUniqueKeyCases {
        UniqueKeys() {
            super(handles());
        }
    }

    @Nested
    class UniqueKeyRaces extends StoreUniqueKeyRaceCases {
        UniqueKeyRaces() {
            super(handles());
        }
    }

    @Nested
    class Limits extends StoreLimitCases {
        Limits() {
            super(handles());
        }
    }

    @Nested
    class Affinity extends StoreAffinityCases {
        Affinity() {
            super(handles());
        }
    }

    @Nested
    class Lanes extends StoreLaneCases {
        Lanes() {
            super(handles());
        }
    }

    @Nested
    class Expiry extends StoreExpiryCases {
        Expiry() {
            super(handles());
        }
    }

    @Nested
    class Step extends StoreStepCases {
        Step() {
            super(handles());
        }
    }

    @Nested
    class Edit extends StoreEditCases {
        Edit() {
            super(handles());
        }
    }

    @Nested
    class Bulk extends StoreBulkCases {
        Bulk() {
            super(handles());
        }
    }

    @Nested
    class Node extends StoreNodeCases {
        Node() {
            super(handles());
        }
    }

    @Nested
    class Membership extends StoreMembershipCases {
        Membership() {
            super(handles());
        }
    }

    @Nested
    class Roles extends StoreRoleCases {
        Roles() {
            super(handles());
        }
    }

    @Nested
    class Documents extends StoreDocumentCases {
        Documents() {
            super(handles());
        }
    }

    @Nested
    class Messages extends StoreMessageCases {
        Messages() {
            super(handles());
        }
    }

    @Nested
    class Dependencies extends StoreDependencyCases {
        Dependencies() {
            super(handles());
        }
    }

    @Nested
    class DependencyFailures extends StoreDependencyFailureCases {
        DependencyFailures() {
            super(handles());
        }
    }

    @Nested
    class DependencyRaces extends StoreDependencyRaceCases {
        DependencyRaces() {
            super(handles());
        }
    }

    @Nested
    class ParentChanges extends StoreParentChangeCases {
        ParentChanges() {
            super(handles());
        }
    }

    @Nested
    class Graphs extends StoreGraphCases {
        Graphs() {
            super(handles());
        }
    }

    @Nested
    class Schedules extends StoreScheduleCases {
        Schedules() {
            super(handles());
        }
    }

    @Nested
    class Reviews extends StoreReviewCases {
        Reviews() {
            super(handles());
        }
    }

    @Nested
    class Ledger extends StoreLedgerCases {
        Ledger() {
            super(StoreContract.this);
        }
    }

    @Nested
    class LedgerQuery extends StoreLedgerQueryCases {
        LedgerQuery() {
            super(handles());
        }
    }

    @Nested
    class LedgerRetention extends StoreLedgerRetentionCases {
        LedgerRetention() {
            super(handles());
        }
    }

    @Nested
    class CallOrigins extends StoreCallOriginCases {
        CallOrigins() {
            super(handles());
        }
    }

    @Nested
    class Lookup extends StoreLookupCases {
        Lookup() {
            super(handles());
        }
    }

    @Nested
    class Export extends StoreExportCases {
        Export() {
            super(handles());
        }
    }

    @Nested
    class MeteredCalls extends StoreMeteredCallCases {
        MeteredCalls() {
            super(handles());
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
    class Budgets extends StoreBudgetCases {
        Budgets() {
            super(handles());
        }
    }

    @Nested
    class Access extends StoreAccessCases {
        Access() {
            super(handles());
        }
    }

    @Nested
    class Creations extends StoreCreationCases {
        Creations() {
            super(handles());
        }
    }

    @Nested
    class Audit extends StoreAuditCases {
        Audit() {
            super(handles());
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
    class ChangeLog extends StoreChangeLogCases {
        ChangeLog() {
            super(handles());
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
