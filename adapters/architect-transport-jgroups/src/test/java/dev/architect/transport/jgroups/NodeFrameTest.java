package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.transport.jgroups.NodeFrame.Kind;
import dev.architect.transport.jgroups.NodeFrame.MalformedFrameException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NodeFrameTest {

    @Test
    void theFormatIsFixed() throws MalformedFrameException {
        byte[] bytes = new NodeFrame(Kind.MESSAGE, "a\u00e9", new byte[] {1, 2}).toBytes();

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("41524354" + "01" + "00" + "0003" + "61c3a9" + "0102");
        assertThat(HexFormat.of().formatHex(NodeFrame.naming(Kind.I_AM, "n").toBytes()))
                .isEqualTo("41524354" + "01" + "02" + "0001" + "6e");
        NodeFrame read = NodeFrame.read(bytes, 0, bytes.length);
        assertThat(read.kind()).isEqualTo(Kind.MESSAGE);
        assertThat(read.member()).isEqualTo("a\u00e9");
        assertThat(read.message()).containsExactly(1, 2);
    }

    @Test
    void aFrameWithinALargerArrayIsRead() throws MalformedFrameException {
        byte[] frame = NodeFrame.of("name", new byte[] {7}).toBytes();
        byte[] around = new byte[frame.length + 10];
        System.arraycopy(frame, 0, around, 4, frame.length);

        NodeFrame read = NodeFrame.read(around, 4, frame.length);

        assertThat(read.member()).isEqualTo("name");
        assertThat(read.message()).containsExactly(7);
    }

    @Test
    void everythingElseIsRefused() {
        byte[] good = NodeFrame.of("name", new byte[] {7}).toBytes();

        assertRefused(new byte[0], "too short");
        assertRefused(changed(good, 0, 0), "not a message of this transport");
        assertRefused(changed(good, 4, 2), "version 2, expected 1");
        assertRefused(changed(good, 5, 3), "kind 3, expected 0..2");
        assertRefused(changed(good, 5, -1), "kind -1");
        assertRefused(changed(good, 6, 0x7f), "too short for its name");
        assertRefused(changed(good, 8, 0xff), "name is not UTF-8");
        assertRefused(new NodeFrame(Kind.I_AM, "x".repeat(201), new byte[0]).toBytes(), "name of 201 characters");
        assertRefused(new NodeFrame(Kind.I_AM, " ", new byte[0]).toBytes(), "not blank");
        assertRefused(NodeFrame.of("name", new byte[8_193]).toBytes(), "message of 8193 bytes, expected at most 8192");
        for (int length = 0; length < good.length - 1; length++) {
            assertRefused(Arrays.copyOf(good, length), "");
        }
    }

    @Test
    void noBytesDoAnythingElse() {
        long seed = 7;
        Random random = new Random(seed);
        byte[] good = NodeFrame.of("name", new byte[] {7}).toBytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(NodeFrame.read(bytes, 0, bytes.length).member()).isNotBlank();
            } catch (MalformedFrameException refused) {
                assertThat(refused).as("seed %d", seed).hasMessageNotContaining("null");
            }
        }
    }

    private static byte[] changed(byte[] frame, int index, int value) {
        byte[] changed = frame.clone();
        changed[index] = (byte) value;
        return changed;
    }

    private static void assertRefused(byte[] bytes, String message) {
        // The last byte of a good frame is its message, which may have any length.
        assertThatThrownBy(() -> NodeFrame.read(bytes, 0, bytes.length))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(message);
    }
}
