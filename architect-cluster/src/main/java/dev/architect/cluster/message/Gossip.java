package dev.architect.cluster.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a node sees. Members are in it as checksums of their names, four bytes each, so that a hundred of them stay within the size of a
 * message that is sent twice a second; two names with the same one would show a split too late, and nothing else.
 *
 * @param node the sender's name as a node
 * @param wallMillis the sender's time of day, in milliseconds since 1970
 * @param reachesStore whether the sender's last call to the store succeeded
 * @param sinceBeatMillis how long its last beat is ago; -1 when there was none
 * @param seen checksums of the members that it sees
 */
public record Gossip(String node, long wallMillis, boolean reachesStore, long sinceBeatMillis, List<Integer> seen) {

    /** The most members of a message; a node that sees more leaves the rest out. */
    public static final int MAX_SEEN = 1_000;

    /** Copies the list. */
    public Gossip {
        seen = List.copyOf(seen);
    }

    /** The checksum of a member's name: CRC-32C (Castagnoli). */
    public static int checksum(String member) {
        CRC32C checksum = new CRC32C();
        checksum.update(member.getBytes(StandardCharsets.UTF_8));
        return (int) checksum.getValue();
    }

    /** The checksums of at most {@link #MAX_SEEN} members. */
    public static List<Integer> checksums(Collection<String> members) {
        return members.stream().sorted().limit(MAX_SEEN).map(Gossip::checksum).toList();
    }

    /** Returns the message. */
    public byte[] toMessage(String storeId) {
        ByteWriter content = new ByteWriter()
                .text(node)
                .eight(wallMillis)
                .one(reachesStore ? 1 : 0)
                .eight(sinceBeatMillis)
                .two(seen.size());
        seen.forEach(content::four);
        return Envelope.write(MessageType.GOSSIP, storeId, content.toBytes());
    }

    /** Reads the content of a message. */
    public static Gossip read(byte[] content) {
        ByteReader reader = new ByteReader(content);
        String node = reader.text();
        long wallMillis = reader.eight();
        boolean reachesStore = reader.one() != 0;
        long sinceBeatMillis = reader.eight();
        List<Integer> seen = new ArrayList<>();
        for (int left = reader.two(); left > 0; left--) {
            seen.add(reader.four());
        }
        return new Gossip(node, wallMillis, reachesStore, sinceBeatMillis, seen);
    }
}
