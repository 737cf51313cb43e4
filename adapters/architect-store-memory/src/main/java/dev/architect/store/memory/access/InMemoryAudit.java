package dev.architect.store.memory.access;

import dev.architect.audit.AuditChain;
import dev.architect.audit.AuditEntry;
import dev.architect.audit.AuditQuery;
import dev.architect.audit.AuditRecord;
import dev.architect.audit.AuditStore;
import dev.architect.audit.AuditTail;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoreLock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The chain of the audit in memory. Guarded by the store's lock. */
public final class InMemoryAudit implements AuditStore {

    private final StoreLock store;
    private final List<AuditEntry> entries = new ArrayList<>();

    /** Creates an empty one of the store that {@code store} guards. */
    public InMemoryAudit(StoreLock store) {
        this.store = store;
    }

    @Override
    public AuditTail append(List<AuditRecord> records) {
        List<AuditRecord> copy = List.copyOf(records);
        if (copy.size() > MOST) {
            throw new IllegalArgumentException("records are " + copy.size() + ", expected at most " + MOST);
        }
        return store.locked(() -> {
            for (AuditRecord each : copy) {
                AuditTail last = last();
                long number = last.number() + 1;
                entries.add(new AuditEntry(number, each, AuditChain.hash(last.hash(), number, each)));
            }
            return last();
        });
    }

    private AuditTail last() {
        if (entries.isEmpty()) {
            return AuditTail.EMPTY;
        }
        AuditEntry last = entries.get(entries.size() - 1);
        return new AuditTail(last.number(), last.hash());
    }

    @Override
    public List<AuditEntry> find(AuditQuery query) {
        return store.locked(() -> LongStream.iterate(
                        Math.min(query.before() - 1, entries.size()), number -> number > 0, number -> number - 1)
                .mapToObj(number -> entries.get((int) number - 1))
                .filter(entry -> query.actor()
                        .filter(actor -> !actor.equals(entry.record().actor()))
                        .isEmpty())
                .filter(entry -> query.operation()
                        .filter(operation -> !operation.equals(entry.record().operation()))
                        .isEmpty())
                .limit(query.limit())
                .toList());
    }

    @Override
    public List<AuditEntry> from(long number, int limit) {
        PageLimit.check(limit, MOST);
        return store.locked(() ->
                entries.stream().skip(Math.max(0, number - 1)).limit(limit).toList());
    }

    @Override
    public AuditTail tail() {
        return store.locked(this::last);
    }
}
