package dev.architect.node;

import java.time.Duration;

/**
 * What the holder of a {@link NodeRole} does, again and again. It is called by one thread of the node, and only while the node holds the role;
 * a call that begins is not ended when the role is lost meanwhile. What changes something outside compares the role's epoch there.
 */
@FunctionalInterface
public interface RoleWork {

    /**
     * Does what is due. A call that takes longer than five seconds costs the role: another node may take it while the call goes on. What it
     * throws is logged, and it is called again a second later.
     *
     * @param role as this node holds it
     * @return how long to wait before the next call; taken for 10 ms or 365 days when it is shorter or longer
     */
    Duration run(NodeRole role) throws InterruptedException;
}
