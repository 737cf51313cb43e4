package dev.architect.cluster.transport;

import dev.architect.node.MemberView;
import dev.architect.node.NodeRecord;
import dev.architect.spi.Store;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** The members as the registry of nodes has them. Read by one thread at a time; the last view may be looked at by any. */
final class RegistryView {

    private final Store store;
    private final Duration silence;
    private volatile MemberView last = MemberView.NONE;

    RegistryView(Store store, Duration silence) {
        this.store = store;
        this.silence = silence;
    }

    /** The view of the last read. */
    MemberView last() {
        return last;
    }

    /** Reads the members; the view has a new id when they have changed. Blocks as the store does. */
    MemberView read(String self) {
        Set<String> members = new TreeSet<>();
        members.add(self);
        for (NodeRecord node : store.nodes().nodes()) {
            String member = node.info().member();
            // A member that was started again has an ended incarnation beside its living one.
            if (!member.isEmpty() && node.state().isAlive() && node.sinceBeat().compareTo(silence) < 0) {
                members.add(member);
            }
        }
        MemberView before = last;
        if (!members.equals(before.members())) {
            last = new MemberView(before.id() + 1, members);
        }
        return last;
    }
}
