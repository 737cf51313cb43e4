package dev.architect.cluster.message;

import java.util.Optional;

/**
 * The part that every message begins with, in every version of the protocol:
 *
 * <pre>
 * byte 0      0xA7, which shows that it is a message of Architect
 * byte 1      version of what follows the envelope, see {@link #VERSION}
 * byte 2      type
 * byte 3, 4   length of the store's id in bytes, then the id in UTF-8
 * then        the content, which depends on version and type
 * </pre>
 *
 * A content grows at its end: what a reader does not know of it, it passes over. Only a change that older nodes would misread gets another
 * version. The id of the store is in every message, and not a hash of it, so that a node that receives one of another store can name both.
 *
 * @param version of the protocol that the sender used
 * @param type empty for one that this node does not know
 * @param storeId the store that the sender's cluster shares
 * @param content what the message says
 */
@SuppressWarnings("ArrayRecordComponent")
public record Envelope(int version, Optional<MessageType> type, String storeId, byte[] content) {

    /** The version that this node writes, and the newest one that it reads. */
    public static final int VERSION = 1;

    /** The oldest version that this node reads. */
    public static final int OLDEST_VERSION = 1;

    private static final int MARK = 0xA7;

    /**
     * Reads an envelope of any version.
     *
     * @throws UnreadableMessageException when it is none
     */
    public static Envelope read(byte[] message) {
        ByteReader reader = new ByteReader(message);
        int mark = reader.one();
        if (mark != MARK) {
            throw new UnreadableMessageException("message begins with " + mark + ", expected " + MARK);
        }
        int version = reader.one();
        int type = reader.one();
        return new Envelope(version, MessageType.of(type), reader.text(), reader.rest());
    }

    /** Whether this node reads messages of its version. */
    public boolean isInRange() {
        return version >= OLDEST_VERSION && version <= VERSION;
    }

    static byte[] write(MessageType type, String storeId, byte[] content) {
        return new ByteWriter()
                .one(MARK)
                .one(VERSION)
                .one(type.code())
                .text(storeId)
                .raw(content)
                .toBytes();
    }
}
