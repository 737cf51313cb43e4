package dev.architect.spi;

import java.util.Set;

/**
 * Members of a cluster and small messages between them. Everything here is a hint: messages may be lost, doubled,
 * reordered or late, and the list of members may be wrong or differ between nodes. Nothing that must be right depends on it.
 *
 * <p>Safe for use by several threads. Receivers are called on the transport's threads, and must return fast.
 */
public interface ClusterTransport extends AutoCloseable {

    /** The most bytes of one message. */
    int MAX_MESSAGE_BYTES = 1024;

    /** Joins the cluster under a name that no other member has, and receives messages from then on. */
    void start(String node, Receiver receiver);

    /** Returns the names of the members as this node sees them, itself included. Empty before the start. */
    Set<String> members();

    /**
     * Sends {@code message} to one member. Returns before it has arrived; a message to an unknown member is dropped.
     *
     * @throws IllegalArgumentException when the message is longer than {@link #MAX_MESSAGE_BYTES}
     */
    void send(String node, byte[] message);

    /** Sends {@code message} to every other member. */
    void broadcast(byte[] message);

    /** Leaves the cluster. Nothing is received after it returns. */
    @Override
    void close();

    /** Receives what other members send. */
    interface Receiver {

        /** A message came. The array is the receiver's own. */
        void onMessage(String from, byte[] message);

        /** The list of members changed. */
        default void onMembers(Set<String> members) {}
    }
}
