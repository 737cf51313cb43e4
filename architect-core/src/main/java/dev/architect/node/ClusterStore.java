package dev.architect.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What nodes agree on: who holds which role, and documents that all share. Also carries messages for nodes that have no other way.
 *
 * <p>Methods block until the change is durable, throw a {@link dev.architect.error.StoreException} when the store fails, and are safe for use
 * by several threads. Messages are hints: {@link #post} may lose them, as {@link dev.architect.spi.ClusterTransport} says.
 */
public interface ClusterStore {

    /** How long messages are kept at least. */
    Duration MESSAGES_KEPT = Duration.ofSeconds(60);

    /** The most messages of one read. */
    int MAX_MESSAGES = 1_000;

    /** The identity of the data: made once, and the same for every process that opens this store. */
    String storeId();

    /**
     * Takes a role that is free, that the incarnation itself holds, or whose holder has ended.
     *
     * @return the role as this incarnation holds it, with a higher epoch than ever before unless it held it already; empty when another living
     *     incarnation holds it, or when this one does not count as {@linkplain NodeState#LIVE live}
     */
    Optional<NodeRole> takeRole(String name, long incarnation);

    /** Whether the role is still held as it was taken: same epoch, same holder, and the holder's lease has not ended. */
    boolean isHeld(NodeRole role);

    /** Frees a role, if it is still held as it was taken. The epoch stays. */
    void giveUpRole(NodeRole role);

    /** All roles that were ever taken, by name; those of holders that have ended are free. */
    List<NodeRole> roles();

    /** Returns a document; empty when there is none of this name. */
    Optional<SharedDocument> document(String name);

    /** Returns all documents whose name begins with {@code prefix}, by name. */
    List<SharedDocument> documents(String prefix);

    /**
     * Writes a document, if its version in the store is the expected one.
     *
     * @param expectedVersion 0 for a document that does not exist yet
     * @return the document with its new version, one higher
     * @throws StaleDocumentException when it has another version; nothing has changed
     */
    SharedDocument writeDocument(String name, long expectedVersion, String text);

    /**
     * Keeps a message for a short time.
     *
     * @param to the member that it is for; empty for all others
     * @throws IllegalArgumentException when it is longer than {@link NodeMessage#MAX_BYTES}
     */
    void post(String from, String to, byte[] content);

    /** The number of the newest message, 0 when there was none. */
    long lastMessage();

    /**
     * Returns messages with a higher number than {@code after} that are for {@code member} or for all and not from it, oldest first.
     *
     * @param limit 1 to {@link #MAX_MESSAGES}
     */
    List<NodeMessage> messages(String member, long after, int limit);
}
