package dev.architect.cluster.message;

import dev.architect.spi.Store.ChangeKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Something of these kinds was changed in the store.
 *
 * @param kinds not empty in what is sent; empty when the sender's kinds are all unknown here
 */
public record ChangeHint(Set<ChangeKind> kinds) {

    private static final int BITS_PER_BYTE = 8;

    /** Copies the set. */
    public ChangeHint {
        kinds = Set.copyOf(kinds);
    }

    /** Returns the message. */
    public byte[] toMessage(String storeId) {
        int bits = 0;
        for (ChangeKind kind : kinds) {
            bits |= 1 << bit(kind);
        }
        return Envelope.write(
                MessageType.CHANGE, storeId, new ByteWriter().one(bits).toBytes());
    }

    /** Reads the content of a message. */
    public static ChangeHint read(byte[] content) {
        int bits = new ByteReader(content).one();
        Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
        for (ChangeKind kind : ChangeKind.values()) {
            if ((bits >> bit(kind) & 1) == 1) {
                kinds.add(kind);
            }
        }
        return new ChangeHint(Collections.unmodifiableSet(kinds));
    }

    /** Stated one by one: the order of an enum is no part of a protocol. */
    private static int bit(ChangeKind kind) {
        int bit = switch (kind) {
            case TASK_READY -> 0;
            case TASK_ENDED -> 1;
            case CANCEL_REQUESTED -> 2;
            case CLUSTER -> 3;
            case NODE -> 4;
        };
        assert bit < BITS_PER_BYTE;
        return bit;
    }
}
