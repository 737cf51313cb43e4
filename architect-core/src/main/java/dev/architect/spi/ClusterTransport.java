package dev.architect.spi;

import dev.architect.node.MemberView;
import dev.architect.node.NodeMessage;
import java.util.Collection;

/**
 * Members of a cluster and small messages between them. Everything here is a hint: messages may be lost, doubled, reordered or late, and
 * views may be wrong or differ between nodes. Nothing that must be right depends on it.
 *
 * <p>Safe for use by several threads. Receivers are called on the transport's threads and must return fast; what they throw is logged.
 */
public interface ClusterTransport extends AutoCloseable {

    /** The most bytes of one message. */
    int MAX_MESSAGE_BYTES = NodeMessage.MAX_BYTES;

    /**
     * Joins the cluster under a name that no other member has, and receives messages from then on. Called once.
     *
     * @throws IllegalStateException when it was started or closed before
     * @throws dev.architect.error.ArchitectException when it cannot start, for example because its port is taken; nothing stays open
     */
    void start(String member, Receiver receiver);

    /** Where transports of other nodes reach this one, once it is started; empty, as by default, for one that needs no address. */
    default String address() {
        return "";
    }

    /** Where other members may be found, as their {@link #address()} says. Called again whenever that changes. Ignored by default. */
    default void peers(Collection<String> addresses) {}

    /**
     * Whether messages take the way through the store itself; false by default. Hints about what was changed there are not sent then: the
     * store announces its changes by its own means.
     */
    default boolean passesThroughStore() {
        return false;
    }

    /** Returns the members as this node sees them. {@link MemberView#NONE} before the start and after the end. Never blocks. */
    MemberView view();

    /**
     * Sends {@code message} to one member. Returns before it has arrived; a message to an unknown member is dropped, and so is one that
     * cannot be sent now.
     *
     * @throws IllegalArgumentException when the message is longer than {@link #MAX_MESSAGE_BYTES}
     * @throws IllegalStateException when the transport is not started, or closed
     */
    void send(String member, byte[] message);

    /** As {@link #send}, to every other member. */
    void broadcast(byte[] message);

    /** Leaves the cluster. Nothing is received after it returns. Calling it twice does nothing more. */
    @Override
    void close();

    /** Receives what other members send. */
    interface Receiver {

        /** A message came. The array is the receiver's own. */
        void onMessage(String from, byte[] message);

        /** The view has changed. */
        default void onView(MemberView view) {}
    }
}
