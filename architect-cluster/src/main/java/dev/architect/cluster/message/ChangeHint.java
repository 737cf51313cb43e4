package dev.architect.cluster.message;

import dev.architect.spi.Store.ChangeKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something of these kinds was changed in the store.
 *
 * @param kinds not empty in what is sent; empty when the sender's kinds are all unknown here
 */
public record ChangeHint(Set<ChangeKind> kinds) {

    /** By name: the order of an enum is no part of a protocol. */
    private static final Map<String, Integer> BITS =
            Map.of("TASK_READY", 1, "TASK_ENDED", 2, "CANCEL_REQUESTED", 4, "CLUSTER", 8, "NODE", 16);

    /** Copies the set. */
    public ChangeHint {
        kinds = Set.copyOf(kinds);
    }

    /** Returns the message; empty when there is no kind that it could name. */
    public Optional<byte[]> toMessage(String storeId) {
        int bits = 0;
        for (ChangeKind kind : kinds) {
            bits |= bit(kind);
        }
        return bits == 0
                ? Optional.empty()
                : Optional.of(Envelope.write(
                        MessageType.CHANGE, storeId, new ByteWriter().one(bits).toBytes()));
    }

    /** Reads the content of a message. */
    public static ChangeHint read(byte[] content) {
        int bits = new ByteReader(content).one();
        Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
        for (ChangeKind kind : ChangeKind.values()) {
            if ((bits & bit(kind)) != 0) {
                kinds.add(kind);
            }
        }
        return new ChangeHint(Collections.unmodifiableSet(kinds));
    }

    private static int bit(ChangeKind kind) {
        return BITS.getOrDefault(kind.name(), 0);
    }
}
