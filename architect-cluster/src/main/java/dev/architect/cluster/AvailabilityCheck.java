package dev.architect.cluster;

import dev.architect.cluster.Availability.Cause;
import dev.architect.cluster.Availability.Reason;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.node.NodeState;
import dev.architect.node.StoreDescription;
import dev.architect.spi.NodeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges what is deployed. Without state. */
final class AvailabilityCheck {

    private static final Duration MAX_SKEW = Duration.ofSeconds(2);

    private final List<Reason> reasons = new ArrayList<>();

    private AvailabilityCheck() {}

    /**
     * Judges a cluster.
     *
     * @param description empty when the store could not be asked
     * @param roles none when the store could not be asked
     */
    static Availability of(ClusterView view, Optional<StoreDescription> description, List<NodeRole> roles) {
        AvailabilityCheck check = new AvailabilityCheck();
        check.store(view, description);
        check.nodes(view);
        check.roles(roles);
        check.members(view);
        return new Availability(check.reasons.stream()
                .sorted(Comparator.comparing(Reason::cause))
                .toList());
    }

    private void add(Cause cause, String text) {
        reasons.add(new Reason(cause, text));
    }

    private void store(ClusterView view, Optional<StoreDescription> description) {
        if (description.isEmpty() || !view.store().isReachable()) {
            add(
                    Cause.STORE_UNREACHABLE,
                    "this node does not reach the store: " + view.store().failure());
        }
        description.ifPresent(this::store);
    }

    private void store(StoreDescription description) {
        String kind = description.kind();
        switch (description.reach()) {
            case PROCESS -> add(Cause.STORE_NOT_SHARED, "the store (" + kind + ") is in one process and ends with it");
            case MACHINE -> add(Cause.STORE_NOT_SHARED, "the store (" + kind + ") is on one machine and ends with it");
            case UNKNOWN -> add(Cause.STORE_UNKNOWN, "the store (" + kind + ") does not state which machines share it");
            case NETWORK -> standbys(description);
        }
    }

    private void standbys(StoreDescription description) {
        String detail = description.detail().isEmpty() ? "" : " (" + description.detail() + ")";
        if (description.standbys().isEmpty()) {
            add(Cause.STANDBY_UNKNOWN, "it is not known whether " + description.kind() + " has a standby" + detail);
        } else if (description.standbys().getAsInt() == 0) {
            add(Cause.NO_STANDBY, description.kind() + " has no standby" + detail);
        }
    }

    private void nodes(ClusterView view) {
        List<NodeRecord> living = view.living().stream().map(NodeView::record).toList();
        List<NodeRecord> working = living.stream()
                .filter(node -> node.state() == NodeState.LIVE && !isSilent(node))
                .toList();
        if (working.size() < 2) {
            add(
                    Cause.FEW_NODES,
                    working.size() == 1
                            ? "1 node takes work (" + names(working) + "), expected 2 or more"
                            : "no node takes work, expected 2 or more");
        }
        machines(working);
        living.stream()
                .filter(AvailabilityCheck::isSilent)
                .forEach(node -> add(
                        Cause.NODE_SILENT,
                        "node '" + node.info().name() + "' has not beaten for "
                                + node.sinceBeat().toMillis() + " ms"));
        ClusterWatch.sameNames(living)
                .forEach(name -> add(Cause.SAME_NAME, "node name '" + name + "' is that of more than one living node"));
    }

    private static boolean isSilent(NodeRecord node) {
        return node.sinceBeat().compareTo(NodeStore.SHORTEST_SILENCE) > 0;
    }

    private void machines(List<NodeRecord> working) {
        Set<String> hosts =
                working.stream().map(node -> host(node.info().address())).collect(Collectors.toSet());
        if (working.size() >= 2 && hosts.size() == 1 && !hosts.contains("")) {
            add(
                    Cause.ONE_MACHINE,
                    "all " + working.size() + " nodes are at "
                            + hosts.iterator().next());
        }
    }

    /** What is before the port; an address without one is a host. */
    private static String host(String address) {
        int port = address.lastIndexOf(':');
        return port < 0 ? address : address.substring(0, port);
    }

    private static String names(List<NodeRecord> nodes) {
        return nodes.stream().map(node -> node.info().name()).collect(Collectors.joining(", "));
    }

    private void roles(List<NodeRole> roles) {
        roles.stream()
                .filter(NodeRole::isFree)
                .forEach(role -> add(Cause.ROLE_WITHOUT_HOLDER, "role '" + role.name() + "' has no holder"));
    }

    private void members(ClusterView view) {
        view.unseen()
                .forEach(pair ->
                        add(Cause.VIEWS_SPLIT, "node '" + pair.node() + "' does not see '" + pair.other() + "'"));
        for (NodeView node : view.living()) {
            if (!node.isOwn()
                    && node.store().filter(sight -> !sight.isReachable()).isPresent()) {
                add(Cause.NODE_WITHOUT_STORE, "node '" + node.name() + "' does not reach the store");
            }
            node.clockSkew()
                    .filter(skew -> skew.abs().compareTo(MAX_SKEW) > 0)
                    .ifPresent(skew -> add(
                            Cause.CLOCKS_DIFFER,
                            "the clock of node '" + node.name() + "' is "
                                    + skew.abs().toMillis() + " ms " + (skew.isNegative() ? "behind" : "ahead of")
                                    + " this one"));
        }
        view.isolated()
                .forEach((member, reason) ->
                        add(Cause.MEMBER_ISOLATED, "member '" + member + "' is isolated: " + reason));
    }
}
