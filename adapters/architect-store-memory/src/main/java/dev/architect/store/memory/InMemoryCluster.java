package dev.architect.store.memory;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeMessage;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.store.memory.lock.PageLimit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Roles, documents and messages in memory. Guarded by the store's lock. */
final class InMemoryCluster implements ClusterStore {

    private static final Change CHANGE = Change.of(ChangeKind.CLUSTER);

    private final InMemoryStore store;
    private final String storeId;
    private final Map<String, NodeRole> roles = new TreeMap<>();
    private final Map<String, SharedDocument> documents = new TreeMap<>();
    private final Deque<Posted> messages = new ArrayDeque<>();
    private long lastMessage;

    private record Posted(NodeMessage message, long nanos) {}

    InMemoryCluster(InMemoryStore store, long idBits) {
        this.store = store;
        this.storeId = new UUID(idBits, ~idBits).toString();
    }

    @Override
    public String storeId() {
        return store.locked(() -> storeId);
    }

    @Override
    public Optional<NodeRole> takeRole(String name, long incarnation) {
        NodeRole free = new NodeRole(name, 0, 0);
        return store.locked(() -> {
            NodeRole role = roles.getOrDefault(name, free);
            boolean isOwn = role.holder() == incarnation && incarnation > 0;
            if (!store.nodeTable().isLive(incarnation)
                    || (!isOwn && store.nodeTable().isAlive(role.holder()))) {
                return Optional.empty();
            }
            NodeRole taken = new NodeRole(name, isOwn ? role.epoch() : role.epoch() + 1, incarnation);
            roles.put(name, taken);
            return Optional.of(taken);
        });
    }

    @Override
    public boolean isHeld(NodeRole role) {
        return store.locked(() -> !role.isFree()
                && role.equals(roles.get(role.name()))
                && store.nodeTable().isAlive(role.holder()));
    }

    @Override
    public void giveUpRole(NodeRole role) {
        store.changing(
                Change.of(ChangeKind.NODE),
                isFree -> isFree,
                () -> roles.replace(role.name(), role, new NodeRole(role.name(), role.epoch(), 0)));
    }

    @Override
    public List<NodeRole> roles() {
        return store.locked(() -> roles.values().stream()
                .map(role ->
                        store.nodeTable().isAlive(role.holder()) ? role : new NodeRole(role.name(), role.epoch(), 0))
                .toList());
    }

    @Override
    public Optional<SharedDocument> document(String name) {
        return store.locked(() -> Optional.ofNullable(documents.get(name)));
    }

    @Override
    public List<SharedDocument> documents(String prefix) {
        return store.locked(() -> documents.values().stream()
                .filter(document -> document.name().startsWith(prefix))
                .toList());
    }

    @Override
    public SharedDocument writeDocument(String name, long expectedVersion, String text) {
        SharedDocument written = new SharedDocument(name, expectedVersion + 1, text);
        return store.changing(CHANGE, done -> true, () -> {
            SharedDocument before = documents.get(name);
            long version = before == null ? 0 : before.version();
            if (version != expectedVersion) {
                throw new StaleDocumentException(name, expectedVersion, version);
            }
            documents.put(name, written);
            return written;
        });
    }

    @Override
    public void post(String from, String to, byte[] content) {
        NodeMessage.requireSize(content);
        store.changing(CHANGE, done -> true, () -> {
            long now = store.nanoTime();
            while (!messages.isEmpty() && now - messages.getFirst().nanos() > MESSAGES_KEPT.toNanos()) {
                messages.removeFirst();
            }
            return messages.add(new Posted(new NodeMessage(++lastMessage, from, to, content.clone()), now));
        });
    }

    @Override
    public long lastMessage() {
        return store.locked(() -> lastMessage);
    }

    @Override
    public List<NodeMessage> messages(String member, long after, int limit) {
        PageLimit.check(limit, MAX_MESSAGES);
        return store.locked(() -> messages.stream()
                .map(Posted::message)
                .filter(message -> message.number() > after && message.isFor(member))
                .limit(limit)
                .map(message -> new NodeMessage(
                        message.number(),
                        message.from(),
                        message.to(),
                        message.content().clone()))
                .toList());
    }
}
