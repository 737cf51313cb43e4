package dev.architect.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.audit.AuditVerdict.Fault;
import dev.architect.audit.AuditVerdict.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Six ways to falsify a chain, each found at its place. */
class AuditVerifierTest {

    private static final int ENTRIES = 2_500;
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00.123456Z");

    private final List<AuditEntry> entries = new ArrayList<>();
    private AuditTail noted = AuditTail.EMPTY;

    /** A chain that whoever has the database can write to as they like. */
    private final AuditStore store = new AuditStore() {
        @Override
        public AuditTail append(List<AuditRecord> records) {
            for (AuditRecord each : records) {
                long number = noted.number() + 1;
                noted = new AuditTail(number, AuditChain.hash(noted.hash(), number, each));
                entries.add(new AuditEntry(number, each, noted.hash()));
            }
            return noted;
        }

        @Override
        public List<AuditEntry> find(AuditQuery query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<AuditEntry> from(long number, int limit) {
            return entries.stream()
                    .filter(entry -> entry.number() >= number)
                    .limit(limit)
                    .toList();
        }

        @Override
        public AuditTail tail() {
            return noted;
        }
    };

    private static AuditRecord record(int i) {
        return new AuditRecord(
                NOW.plusSeconds(i), "user:ada", "tasks.cancel", "task " + i, AuditOutcome.DONE, 204, "r" + i, "::1");
    }

    @BeforeEach
    void fill() {
        store.append(
                IntStream.range(0, ENTRIES).mapToObj(AuditVerifierTest::record).toList());
    }

    private AuditVerdict verify(AuditCheckpoint... checkpoints) {
        return AuditVerifier.verify(store, List.of(checkpoints));
    }

    private AuditCheckpoint checkpoint(int number) {
        return new AuditCheckpoint(number, entries.get(number - 1).hash(), NOW);
    }

    private void assertFault(AuditVerdict verdict, Kind kind, long number) {
        assertThat(verdict.fault()).contains(new Fault(kind, number));
        assertThat(verdict.isIntact()).isFalse();
    }

    @Test
    void anIntactChainIsIntact() {
        AuditVerdict verdict = verify(checkpoint(1_000), checkpoint(2_500));

        assertThat(verdict).isEqualTo(new AuditVerdict(ENTRIES, 2, Optional.empty()));
        entries.clear();
        noted = AuditTail.EMPTY;
        assertThat(verify().isIntact()).isTrue();
    }

    @Test
    void findsAChangedEntry() {
        AuditEntry real = entries.get(1_233);
        AuditRecord was = real.record();
        entries.set(
                1_233,
                new AuditEntry(
                        real.number(),
                        new AuditRecord(
                                was.at(),
                                "user:eve",
                                was.operation(),
                                was.thing(),
                                was.outcome(),
                                204,
                                was.requestId(),
                                "::1"),
                        real.hash()));

        assertFault(verify(), Kind.CHANGED, 1_234);
    }

    @Test
    void findsARemovedEntry() {
        entries.remove(1_233);

        assertFault(verify(), Kind.MISSING, 1_234);
    }

    @Test
    void findsAnInsertedEntryThatTakesTheNumbersOfThoseBehindIt() {
        List<AuditEntry> behind = new ArrayList<>(entries.subList(1_233, ENTRIES));
        entries.subList(1_233, ENTRIES).clear();
        String before = entries.get(1_232).hash();
        entries.add(new AuditEntry(1_234, record(9_999), AuditChain.hash(before, 1_234, record(9_999))));
        behind.forEach(each -> entries.add(new AuditEntry(each.number() + 1, each.record(), each.hash())));

        assertFault(verify(), Kind.CHANGED, 1_235);
    }

    @Test
    void findsEntriesInAnotherOrder() {
        AuditEntry first = entries.get(99);
        AuditEntry second = entries.get(100);
        entries.set(99, new AuditEntry(100, second.record(), second.hash()));
        entries.set(100, new AuditEntry(101, first.record(), first.hash()));

        assertFault(verify(), Kind.CHANGED, 100);
    }

    @Test
    void findsACutEndByTheNoteAboutItOrByACheckpoint() {
        AuditCheckpoint outside = checkpoint(2_400);
        entries.subList(2_300, ENTRIES).clear();
        assertFault(verify(), Kind.CUT, 2_301);

        // With the note changed as well, only what lies outside of the store tells.
        noted = new AuditTail(2_300, entries.get(2_299).hash());
        assertThat(verify().isIntact()).isTrue();
        assertFault(verify(outside), Kind.CUT, 2_301);
    }

    @Test
    void findsAChainThatWasWrittenAnewByACheckpoint() {
        AuditCheckpoint early = checkpoint(1_000);
        AuditCheckpoint late = checkpoint(2_000);
        entries.clear();
        noted = AuditTail.EMPTY;
        store.append(IntStream.range(0, ENTRIES)
                .mapToObj(i -> record(i == 1_500 ? 7 : i))
                .toList());

        assertThat(verify(early).isIntact()).isTrue();
        assertFault(verify(early, late), Kind.REWRITTEN, 2_000);
    }

    @Test
    void aHashIsMadeOverTheOneBeforeAndCanonicalJson() throws Exception {
        String json = "{\"actor\":\"user:ada\",\"address\":\"::1\",\"at\":1795939200123456,\"number\":1,"
                + "\"operation\":\"tasks.cancel\",\"outcome\":\"done\",\"requestId\":\"r0\",\"status\":204,"
                + "\"thing\":\"task 0\"}";
        assertThat(AuditChain.canonical(1, record(0))).isEqualTo(json);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(new byte[32]);
        assertThat(entries.get(0).hash())
                .isEqualTo(HexFormat.of().formatHex(digest.digest(json.getBytes(StandardCharsets.UTF_8))));
    }
}
