package dev.architect.audit;

import dev.architect.audit.AuditVerdict.Fault;
import dev.architect.audit.AuditVerdict.Kind;
import dev.architect.check.Check;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Checks a chain from its beginning: that each hash follows from the one before, that no number is missing, and that it is that of the checkpoints. */
public final class AuditVerifier {

    private AuditVerifier() {}

    /**
     * Reads the whole chain, {@value AuditStore#MOST} entries at a time, and returns the first fault. Entries that are added meanwhile may or
     * may not be read.
     *
     * @param checkpoints that were kept outside of the store, in any order; none for a check of the chain by itself
     */
    public static AuditVerdict verify(AuditStore store, Collection<AuditCheckpoint> checkpoints) {
        Check.notNull("store", store);
        NavigableMap<Long, AuditCheckpoint> known = new TreeMap<>();
        for (AuditCheckpoint each : Check.noNulls("checkpoints", checkpoints)) {
            known.put(each.number(), each);
        }
        // Before the entries: what is added meanwhile lies behind it.
        AuditTail noted = store.tail();
        AuditTail last = AuditTail.EMPTY;
        while (true) {
            List<AuditEntry> page = store.from(last.number() + 1, AuditStore.MOST);
            for (AuditEntry entry : page) {
                Optional<Fault> fault = fault(last, entry, known);
                if (fault.isPresent()) {
                    return new AuditVerdict(entry.number(), known.size(), fault);
                }
                last = new AuditTail(entry.number(), entry.hash());
                if (last.number() == noted.number() && !last.hash().equals(noted.hash())) {
                    return new AuditVerdict(
                            last.number(), known.size(), Optional.of(new Fault(Kind.CHANGED, last.number())));
                }
            }
            if (page.size() < AuditStore.MOST) {
                break;
            }
        }
        long expected = Math.max(noted.number(), known.isEmpty() ? 0 : known.lastKey());
        Optional<Fault> cut =
                last.number() < expected ? Optional.of(new Fault(Kind.CUT, last.number() + 1)) : Optional.empty();
        return new AuditVerdict(last.number(), known.size(), cut);
    }

    private static Optional<Fault> fault(
            AuditTail last, AuditEntry entry, NavigableMap<Long, AuditCheckpoint> checkpoints) {
        if (entry.number() != last.number() + 1) {
            return Optional.of(new Fault(Kind.MISSING, last.number() + 1));
        }
        if (!AuditChain.hash(last.hash(), entry.number(), entry.record()).equals(entry.hash())) {
            return Optional.of(new Fault(Kind.CHANGED, entry.number()));
        }
        AuditCheckpoint checkpoint = checkpoints.get(entry.number());
        if (checkpoint != null && !checkpoint.hash().equals(entry.hash())) {
            return Optional.of(new Fault(Kind.REWRITTEN, entry.number()));
        }
        return Optional.empty();
    }
}
