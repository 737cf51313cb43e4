package dev.architect.cluster.shard;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeMessage;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import java.util.List;
import java.util.Optional;

/** Roles, documents and messages of a group of stores: those of the first one, without the map of the shards. Safe for use by several threads. */
final class ShardedCluster implements ClusterStore {

    private final GroupMember first;
    private final ShardedNodes nodes;

    ShardedCluster(GroupMember first, ShardedNodes nodes) {
        this.first = first;
        this.nodes = nodes;
    }

    private ClusterStore cluster() {
        return first.store().cluster();
    }

    private NodeRole global(NodeRole stored) {
        return stored.isFree()
                ? stored
                : new NodeRole(stored.name(), stored.epoch(), nodes.globalOf(first, stored.holder()));
    }

    private NodeRole stored(NodeRole global) {
        return new NodeRole(
                global.name(),
                global.epoch(),
                nodes.localOf(first, global.holder()).orElse(0));
    }

    @Override
    public String storeId() {
        return cluster().storeId();
    }

    @Override
    public Optional<NodeRole> takeRole(String name, long incarnation) {
        return cluster()
                .takeRole(name, nodes.localOf(first, incarnation).orElse(0))
                .map(role -> new NodeRole(role.name(), role.epoch(), incarnation));
    }

    @Override
    public boolean isHeld(NodeRole role) {
        return cluster().isHeld(stored(role));
    }

    @Override
    public void giveUpRole(NodeRole role) {
        cluster().giveUpRole(stored(role));
    }

    @Override
    public List<NodeRole> roles() {
        return cluster().roles().stream().map(this::global).toList();
    }

    @Override
    public Optional<SharedDocument> document(String name) {
        return name.equals(ShardMap.DOCUMENT) ? Optional.empty() : cluster().document(name);
    }

    @Override
    public List<SharedDocument> documents(String prefix) {
        return cluster().documents(prefix).stream()
                .filter(document -> !document.name().equals(ShardMap.DOCUMENT))
                .toList();
    }

    @Override
    public SharedDocument writeDocument(String name, long expectedVersion, String text) {
        if (name.equals(ShardMap.DOCUMENT)) {
            throw new IllegalArgumentException(
                    "document '" + name + "' is the map of the shards, expected another name");
        }
        return cluster().writeDocument(name, expectedVersion, text);
    }

    @Override
    public void post(String from, String to, byte[] content) {
        cluster().post(from, to, content);
    }

    @Override
    public long lastMessage() {
        return cluster().lastMessage();
    }

    @Override
    public List<NodeMessage> messages(String member, long after, int limit) {
        return cluster().messages(member, after, limit);
    }
}
