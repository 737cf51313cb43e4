package dev.architect.node;

import dev.architect.check.Check;
import java.util.Set;

/**
 * What a node states about itself when it joins. Further components will only be added at the end, each with a documented default.
 *
 * @param name its name for people; several incarnations may have the same
 * @param version the version of Architect that it runs; empty when it is not known
 * @param capabilities what it can do: the types of the tasks that it performs, and whatever else its host names
 * @param member its name among the members of a {@link dev.architect.spi.ClusterTransport}; empty without one
 * @param address where the transports of other nodes reach it; empty without one
 */
public record NodeInfo(String name, String version, Set<String> capabilities, String member, String address) {

    /** The most characters of a text here. */
    public static final int MAX_LENGTH = 200;

    /** The most capabilities of a node. */
    public static final int MAX_CAPABILITIES = 1_000;

    /** Checks the texts and copies the set. */
    public NodeInfo {
        Check.notBlank("name", name);
        Check.atMost("name", name, MAX_LENGTH);
        Check.atMost("version", version, MAX_LENGTH);
        capabilities = Set.copyOf(Check.noNulls("capabilities", capabilities));
        if (capabilities.size() > MAX_CAPABILITIES) {
            throw new IllegalArgumentException(
                    "capabilities has " + capabilities.size() + " entries, expected at most " + MAX_CAPABILITIES);
        }
        capabilities.forEach(capability -> Check.atMost("capability", capability, MAX_LENGTH));
        Check.atMost("member", member, MAX_LENGTH);
        Check.atMost("address", address, MAX_LENGTH);
    }

    /** A node of which only the name is known. */
    public static NodeInfo named(String name) {
        return new NodeInfo(name, "", Set.of(), "", "");
    }

    /** The same node with a version and capabilities. */
    public NodeInfo with(String newVersion, Set<String> newCapabilities) {
        return new NodeInfo(name, newVersion, newCapabilities, member, address);
    }

    /** The same node as a member of a transport. */
    public NodeInfo at(String newMember, String newAddress) {
        return new NodeInfo(name, version, capabilities, newMember, newAddress);
    }
}
