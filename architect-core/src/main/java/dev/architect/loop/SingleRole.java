package dev.architect.loop;

import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Lets a node take part in a role once at a time. Safe for use by several threads. */
public final class SingleRole {

    private final Function<RoleWork, Optional<RoleRegistration>> roles;
    private final AtomicBoolean isTakingPart = new AtomicBoolean();

    /** Creates it; {@code roles} lets the node take part with some work, and returns empty where it performs no tasks. */
    public SingleRole(Function<RoleWork, Optional<RoleRegistration>> roles) {
        this.roles = roles;
    }

    /** Returns what ends the part; empty on a node that performs no tasks, or takes part already. */
    public Optional<RoleRegistration> takePart(RoleWork work) {
        if (!isTakingPart.compareAndSet(false, true)) {
            return Optional.empty();
        }
        Optional<RoleRegistration> role = Optional.empty();
        try {
            role = roles.apply(work);
        } finally {
            if (role.isEmpty()) {
                isTakingPart.set(false);
            }
        }
        return role.map(Part::new);
    }

    /** After its end the node may take part again. */
    private final class Part implements RoleRegistration {

        private final RoleRegistration role;

        Part(RoleRegistration role) {
            this.role = role;
        }

        @Override
        public String name() {
            return role.name();
        }

        @Override
        public Optional<NodeRole> held() {
            return role.held();
        }

        @Override
        public void close() {
            role.close();
            isTakingPart.set(false);
        }
    }
}
