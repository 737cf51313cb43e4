package dev.architect.testkit.simulation;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleWork;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The work of a role: it writes its epoch to a document, if no later holder has written there. Now and then it hangs in between for so long
 * that the role is taken from it.
 */
final class SimulatedRole implements RoleWork {

    private final SimWorld world;
    private final SimulatedNode node;
    private final ClusterStore cluster;
    private final SplittableRandom random;

    SimulatedRole(SimWorld world, SimulatedNode node, ClusterStore cluster, SplittableRandom random) {
        this.world = world;
        this.node = node;
        this.cluster = cluster;
        this.random = random;
    }

    /** The document of a role. */
    static String documentOf(String role) {
        return "written by " + role;
    }

    @Override
    public Duration run(NodeRole role) {
        world.roleChecker().performs(node, role);
        String name = documentOf(role.name());
        SharedDocument before = cluster.document(name).orElse(new SharedDocument(name, 0, "0"));
        if (world.hasFaults()) {
            Duration hang = Duration.ofMillis(5_000 + random.nextInt(5_000));
            // Over when the faults are, since nodes are to be healthy then.
            boolean hangs = random.nextInt(8) == 0
                    && world.schedule().nanos() + hang.toNanos()
                            < world.plan().end().toNanos();
            world.schedule().delay(hangs ? hang : Duration.ofMillis(random.nextInt(300)));
        }
        if (Long.parseLong(before.text()) > role.epoch()) {
            world.count("role overtaken");
            return Duration.ofSeconds(1);
        }
        try {
            cluster.writeDocument(name, before.version(), String.valueOf(role.epoch()));
            world.count("role performed");
        } catch (StaleDocumentException overtaken) {
            world.count("role write refused");
        }
        return Duration.ofMillis(500 + random.nextInt(1_000));
    }
}
