package dev.architect.cluster;

import dev.architect.cluster.hint.ChangeListeners;
import dev.architect.cluster.hint.HintSender;
import dev.architect.cluster.hint.HintingCluster;
import dev.architect.cluster.hint.HintingTasks;
import dev.architect.error.StoreException;
import dev.architect.node.MemberView;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.node.NodeState;
import dev.architect.node.Placement;
import dev.architect.node.SharedDocument;
import dev.architect.node.StoreDescription;
import dev.architect.route.HealthHint;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process as a part of a cluster: nodes that share a store. What is right is decided by the store alone; the transport brings speed. Whatever
 * that does or fails to do, no task is lost, recorded twice, or taken from a node that beats.
 *
 * <pre>
 * Cluster cluster = Cluster.builder(store).transport(transport).nodeName("a").build();
 * Architect architect = Architect.builder().store(cluster.store()).nodeName("a")…
 * </pre>
 *
 * <p>Closing the {@code Architect} closes the cluster with it. Safe for use by several threads.
 */
public final class Cluster implements AutoCloseable {

    /** How many random characters tell two members of one name apart. */
    private static final int SUFFIX = 8;

    private static final int RADIX = 32;

    private final Store store;
    private final Optional<ClusterTransport> transport;
    private final OwnNode own;
    private final TimeSource time;
    private final ThreadRunner threads = new ThreadRunner("architect-cluster");
    private final ChangeListeners listeners = new ChangeListeners();
    private final Optional<HintSender> hints;
    private final Optional<GossipRounds> gossip;
    private final ClusterViews views;
    private final ClusterWatch watch;
    private final SharedConfigurations configurations;
    private final ClusteredStore clustered;
    /** The key of what the thread changes now. */
    private final ThreadLocal<@Nullable String> key = new ThreadLocal<>();

    /** What is to be closed, the last one first. */
    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

    private boolean closed;

    Cluster(ClusterBuilder parts) {
        this.store = parts.store;
        this.transport = parts.transport;
        this.time = parts.time;
        opened.add(store);
        opened.add(threads);
        transport.ifPresent(opened::add);
        try {
            this.own = new OwnNode(parts.nodeName, transport.isPresent() ? member(parts) : "", time);
            String storeId = store.cluster().storeId();
            GossipBoard board = new GossipBoard(time);
            Isolation isolation = new Isolation(storeId);
            this.views = new ClusterViews(own, board, isolation, time);
            this.watch = new ClusterWatch(store.nodes(), transport, own, time, listeners, views, isolation);
            this.hints = transport.map(
                    to -> new HintSender(to, storeId, time, parts.sendsHints && !to.passesThroughStore()));
            this.gossip = transport.map(to -> new GossipRounds(to, storeId, own, time));
            HintingCluster documents = new HintingCluster(store.cluster(), this::written, this::nodesChanged);
            this.configurations = new SharedConfigurations(documents, time);
            this.clustered = new ClusteredStore(
                    store,
                    new HintingTasks(store.tasks(), this::changed),
                    new JoiningNodes(
                            store.nodes(),
                            own,
                            new JoinGuard(store.nodes(), time),
                            info -> info.at(own.member(), address()),
                            this::nodesChanged),
                    documents,
                    listeners,
                    this::close);
            start(board, isolation, parts.sendsHints);
        } catch (Throwable failure) {
            closeBecauseOf(failure);
            throw failure;
        }
    }

    /** A throwable must not suppress itself: a broken part may throw the same one again when it is closed. */
    @SuppressWarnings("ReferenceEquality")
    private static void suppress(Throwable first, Throwable later) {
        // addSuppressed rejects the exception itself.
        if (first != later) {
            first.addSuppressed(later);
        }
    }

    private void closeBecauseOf(Throwable failure) {
        try {
            close();
        } catch (Throwable alsoFailed) {
            suppress(failure, alsoFailed);
        }
    }

    /** Returns a builder of a cluster over {@code store}, which is the same for all its nodes. */
    public static ClusterBuilder builder(Store store) {
        return new ClusterBuilder(store);
    }

    private static String member(ClusterBuilder parts) {
        String name = parts.nodeName.substring(0, Math.min(parts.nodeName.length(), ClusterBuilder.MAX_NAME));
        StringBuilder member = new StringBuilder(name).append('-');
        for (int i = 0; i < SUFFIX; i++) {
            member.append(Character.forDigit((int) parts.time.random(RADIX), RADIX));
        }
        return member.toString();
    }

    private void start(GossipBoard board, Isolation isolation, boolean sendsHints) {
        ClusterWatch.Registry registry = watch.read();
        if (transport.isPresent() && gossip.isPresent()) {
            ClusterTransport started = transport.get();
            // Before the start, so that it finds the others at once.
            started.peers(ClusterWatch.addresses(registry.living(), own.member()));
            started.start(
                    own.member(),
                    new MessageReceiver(isolation, listeners, board, configurations, watch, gossip.get()));
        }
        store.changesAreHinted(
                sendsHints && transport.map(to -> !to.passesThroughStore()).orElse(false));
        boolean isStoreAlone = transport.isEmpty() || transport.get().passesThroughStore();
        if (isStoreAlone) {
            // Then its announcements are the only hints about documents that come at once.
            opened.add(store.subscribe(change -> {
                if (change.kinds().contains(ChangeKind.CLUSTER)) {
                    configurations.announced();
                }
            }));
        }
        opened.add(watch::stop);
        opened.add(configurations::stop);
        hints.ifPresent(sender -> opened.add(sender::stop));
        gossip.ifPresent(rounds -> opened.add(rounds::stop));
        watch.start(threads);
        configurations.start(threads);
        hints.ifPresent(sender -> sender.start(threads));
        gossip.ifPresent(rounds -> rounds.start(threads));
    }

    private String address() {
        return transport.map(ClusterTransport::address).orElse("");
    }

    /** The store to build an {@code Architect} with. Closing it closes the cluster. */
    public Store store() {
        return clustered;
    }

    /** The name of this process among the members of the transport; empty without one. */
    public String member() {
        return own.member();
    }

    private void nodesChanged() {
        watch.changed();
        hints.ifPresent(sender -> sender.changed(Set.of(ChangeKind.CLUSTER, ChangeKind.NODE)));
    }

    private void written(SharedDocument document) {
        hints.ifPresent(sender -> sender.documentWritten(document.name(), document.version()));
    }

    private void changed(Set<ChangeKind> kinds) {
        if (hints.isEmpty()) {
            return;
        }
        HintSender sender = hints.get();
        String forKey = key.get();
        if (forKey == null || !kinds.contains(ChangeKind.TASK_READY)) {
            sender.changed(kinds);
            return;
        }
        Optional<NodeRecord> preferred = preferred(forKey);
        if (preferred.isEmpty() || preferred.get().info().member().isEmpty()) {
            sender.changed(kinds);
            return;
        }
        sender.ready(preferred.map(node -> node.info().member()).filter(member -> !member.equals(own.member())));
        Set<ChangeKind> others = EnumSet.copyOf(kinds);
        others.remove(ChangeKind.TASK_READY);
        sender.changed(others);
    }

    /**
     * Sends a hint to the other nodes that tasks may have become ready, for changes that were not made through {@link #store()}: tasks that a host has
     * submitted in a transaction of its own, for example. Never blocks.
     */
    public void announceReady() {
        hints.ifPresent(sender -> sender.changed(Set.of(ChangeKind.TASK_READY)));
    }

    /**
     * Returns the node that work for {@code key} is to go to, so that what sticks to a node is used again: a prefix in a provider's cache, a
     * profile of a browser. It is the same on all nodes that know the same of the others ({@link Placement}), a wish and never a fact. Does
     * not block.
     *
     * @return empty when no node takes work
     */
    public Optional<NodeRecord> preferred(String keyOfWork) {
        Given.notBlank("key", keyOfWork);
        Map<String, NodeRecord> byName = new HashMap<>();
        Map<String, Integer> loads = new HashMap<>();
        for (NodeRecord node : watch.registry().living()) {
            if (node.state() == NodeState.LIVE && node.sinceBeat().compareTo(NodeStore.SHORTEST_SILENCE) < 0) {
                byName.put(node.info().name(), node);
                loads.put(node.info().name(), node.load().running());
            }
        }
        return loads.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(byName.get(Placement.choose(keyOfWork, loads, Placement.DEFAULT_SLACK)));
    }

    /**
     * Makes a change whose tasks belong to {@code key}, usually a submission: the {@linkplain #preferred preferred} node is told of it at once, the
     * others 200 ms later. No task is withheld from a node that polls the store, or is notified by it.
     *
     * @param change is made on the caller's thread; what it throws is thrown
     * @return what {@code change} returns
     */
    public <T> T withKey(String keyOfWork, Supplier<T> change) {
        Given.notBlank("key", keyOfWork);
        Given.notNull("change", change);
        String before = key.get();
        key.set(keyOfWork);
        try {
            return change.get();
        } finally {
            if (before == null) {
                key.remove();
            } else {
                key.set(before);
            }
        }
    }

    /**
     * Follows a configuration that all nodes share. What the store has is applied before this returns, unless the store cannot be read at the
     * moment; from then on, new versions are applied as they come.
     *
     * @param name the name of its document
     * @param reader makes a value of a text, and throws when it is not valid
     * @param applier puts a value into force
     */
    public <T> SharedConfiguration<T> configuration(
            String name, SharedConfiguration.Reader<T> reader, SharedConfiguration.Applier<T> applier) {
        return configurations.follow(name, reader, applier);
    }

    /**
     * Shares what the routers of the nodes know of the health of models: {@code Router.healthHints} and {@code Router.acceptHints}. Trips
     * and resets by operators travel with it and bind all nodes. Replaces what was given before.
     *
     * @param from returns what this node knows; called twice a second, on a thread of the cluster
     * @param to takes what another node knows; called on the same thread. Both may throw anything, which is logged
     */
    public void shareHealth(Supplier<List<HealthHint>> from, Consumer<List<HealthHint>> to) {
        Given.notNull("from", from);
        Given.notNull("to", to);
        gossip.ifPresent(rounds -> rounds.share(from, to));
    }

    /** Returns the nodes as this one sees them: the registry of at most a second ago, while the store answers, and gossip. Does not block. */
    public ClusterView view() {
        return view(watch.registry());
    }

    private ClusterView view(ClusterWatch.Registry registry) {
        List<HealthHint> health = gossip.map(GossipRounds::ownHealth).orElse(List.of());
        return views.view(registry, transport.map(ClusterTransport::view).orElse(MemberView.NONE), health);
    }

    /** Returns whether what is deployed outlives the loss of one machine, and what speaks against it. Blocks while the store is asked. */
    public Availability availability() {
        Optional<StoreDescription> description = Optional.empty();
        List<NodeRole> roles = List.of();
        ClusterWatch.Registry registry = watch.registry();
        try {
            registry = watch.read();
            roles = store.cluster().roles();
            description = Optional.of(store.description());
        } catch (StoreException failure) {
            own.failed(failure);
        }
        return AvailabilityCheck.of(view(registry), description, roles);
    }

    /**
     * Leaves the transport, ends the threads, and closes the store, all of it even when a part fails; the first failure is thrown at the
     * end. Calling it twice does nothing more.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        // Outside the lock: threads that end may ask for the store meanwhile.
        @Nullable Throwable first = null;
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Throwable failure) {
                if (first == null) {
                    first = failure;
                } else {
                    suppress(first, failure);
                }
            }
        }
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        } else if (first != null) {
            throw new IllegalStateException("a part of the cluster could not be closed", first);
        }
    }
}
