package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.audit.AuditChain;
import dev.architect.audit.AuditCheckpoint;
import dev.architect.audit.AuditEntry;
import dev.architect.audit.AuditOutcome;
import dev.architect.audit.AuditQuery;
import dev.architect.audit.AuditRecord;
import dev.architect.audit.AuditStore;
import dev.architect.audit.AuditTail;
import dev.architect.audit.AuditVerdict;
import dev.architect.audit.AuditVerifier;
import dev.architect.spi.Store;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The chain of the audit of a store. */
public abstract class StoreAuditCases extends StoreFixture {

    /** Creates the cases for one store. */
    protected StoreAuditCases(StoreHandles handles) {
        super(handles);
    }

    private AuditStore audit() {
        return audit(store());
    }

    private static AuditStore audit(Store store) {
        return store.audit().orElseThrow();
    }

    private AuditRecord record(String actor, String operation) {
        return new AuditRecord(
                time.wallTime().plusNanos(1_999), actor, operation, ODD, AuditOutcome.REFUSED, 403, "r-1", "::1");
    }

    @Test
    void keepsRecordsInAChainThatAllHandlesContinue() throws Exception {
        assertThat(audit().tail()).isEqualTo(AuditTail.EMPTY);

        AuditTail first = audit().append(List.of(record("user:ada", "tasks.cancel"), record("operator", "users.add")));
        AuditTail second = audit(second()).append(List.of(record("agent:build", "tasks.cancel")));

        assertThat(first.number()).isEqualTo(2);
        assertThat(second.number()).isEqualTo(3);
        assertThat(audit().tail()).isEqualTo(second);
        List<AuditEntry> entries = audit().from(1, 10);
        assertThat(entries).extracting(AuditEntry::number).containsExactly(1L, 2L, 3L);
        assertThat(entries.get(0).record()).isEqualTo(record("user:ada", "tasks.cancel"));
        assertThat(entries.get(0).hash())
                .isEqualTo(AuditChain.hash(AuditChain.START, 1, record("user:ada", "tasks.cancel")));
        assertThat(entries.get(2).hash()).isEqualTo(second.hash());
        assertThat(audit().from(3, 1)).containsExactly(entries.get(2));
        assertThat(audit().from(4, 1)).isEmpty();
    }

    @Test
    void returnsTheNewestFirstByActorAndOperation() {
        audit().append(List.of(
                record("user:ada", "tasks.cancel"), record("operator", "users.add"), record("user:ada", "users.add")));

        assertThat(audit().find(AuditQuery.newest(2)))
                .extracting(AuditEntry::number)
                .containsExactly(3L, 2L);
        assertThat(audit().find(AuditQuery.newest(9).before(2)))
                .extracting(AuditEntry::number)
                .containsExactly(1L);
        assertThat(audit().find(AuditQuery.newest(9).by("user:ada")))
                .extracting(AuditEntry::number)
                .containsExactly(3L, 1L);
        assertThat(audit().find(AuditQuery.newest(9).by("user:ada").of("users.add")))
                .extracting(AuditEntry::number)
                .containsExactly(3L);
    }

    @Test
    void manyWritersLeaveOneChainWithoutGaps() throws Exception {
        onBothHandles((handle, number) -> {
            for (int i = 0; i < 10; i++) {
                audit(handle).append(Collections.nCopies(1 + i % 3, record("writer" + number, "tasks.create")));
            }
        });

        List<AuditEntry> entries = audit().from(1, AuditStore.MOST);
        assertThat(entries).hasSize(16 * 19);
        assertThat(entries)
                .extracting(AuditEntry::number)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 16 * 19).boxed().toList());
        AuditTail tail = audit().tail();
        AuditVerdict verdict = AuditVerifier.verify(
                audit(), List.of(new AuditCheckpoint(tail.number(), tail.hash(), time.wallTime())));
        assertThat(verdict.isIntact()).isTrue();
        assertThat(verdict.entries()).isEqualTo(16 * 19);
    }

    @Test
    void moreThanAThousandAtATimeAreRefusedAndNothingIsKept() {
        List<AuditRecord> many = IntStream.rangeClosed(0, AuditStore.MOST)
                .mapToObj(i -> record("a", "b"))
                .toList();

        assertThatThrownBy(() -> audit().append(many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("records are 1001, expected at most 1000");
        assertThat(audit().tail()).isEqualTo(AuditTail.EMPTY);
        assertThat(audit().append(List.of())).isEqualTo(AuditTail.EMPTY);
        assertThat(audit().append(many.subList(0, AuditStore.MOST)).number()).isEqualTo(AuditStore.MOST);
    }

    @Test
    void aClosedStoreFails() throws Exception {
        AuditStore closed = audit(second());
        second().close();
        assertClosed(closed::tail);
        assertClosed(() -> closed.append(List.of(record("a", "b"))));
    }
}
