package dev.architect.cluster.hint;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeMessage;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells other nodes of documents that were written. Safe for use by several threads. */
public final class HintingCluster implements ClusterStore {

    private final ClusterStore cluster;
    private final Consumer<SharedDocument> written;
    private final Runnable freed;

    /**
     * Creates a store.
     *
     * @param written is called after a document was written; never blocks and never throws
     * @param freed is called after a role was given up; never blocks and never throws
     */
    public HintingCluster(ClusterStore cluster, Consumer<SharedDocument> written, Runnable freed) {
        this.cluster = cluster;
        this.written = written;
        this.freed = freed;
    }

    @Override
    public String storeId() {
        return cluster.storeId();
    }

    @Override
    public Optional<NodeRole> takeRole(String name, long incarnation) {
        return cluster.takeRole(name, incarnation);
    }

    @Override
    public boolean isHeld(NodeRole role) {
        return cluster.isHeld(role);
    }

    @Override
    public void giveUpRole(NodeRole role) {
        cluster.giveUpRole(role);
        freed.run();
    }

    @Override
    public List<NodeRole> roles() {
        return cluster.roles();
    }

    @Override
    public Optional<SharedDocument> document(String name) {
        return cluster.document(name);
    }

    @Override
    public List<SharedDocument> documents(String prefix) {
        return cluster.documents(prefix);
    }

    @Override
    public SharedDocument writeDocument(String name, long expectedVersion, String text) {
        SharedDocument document = cluster.writeDocument(name, expectedVersion, text);
        written.accept(document);
        return document;
    }

    @Override
    public void post(String from, String to, byte[] content) {
        cluster.post(from, to, content);
    }

    @Override
    public long lastMessage() {
        return cluster.lastMessage();
    }

    @Override
    public List<NodeMessage> messages(String member, long after, int limit) {
        return cluster.messages(member, after, limit);
    }
}
