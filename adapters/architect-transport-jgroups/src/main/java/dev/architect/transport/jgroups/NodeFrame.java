package dev.architect.transport.jgroups;

import dev.architect.node.NodeInfo;
import dev.architect.spi.ClusterTransport;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What members send each other: four bytes of magic, the version, the kind, the length and the UTF-8 bytes of the sender's name, and the
 * rest is the message of the host. A member drops frames of versions that it does not know.
 *
 * @param kind what it is for
 * @param member the name of the sender
 * @param message empty unless the kind is {@link Kind#MESSAGE}
 */
@SuppressWarnings("ArrayRecordComponent")
record NodeFrame(Kind kind, String member, byte[] message) {

    static final byte VERSION = 1;

    private static final int MAGIC = 0x41524354;
    private static final int HEAD = Integer.BYTES + 2 + Short.BYTES;
    private static final byte[] NOTHING = {};

    /** What a frame is for. The order of the constants is part of the format. */
    enum Kind {
        /** A message of the host. */
        MESSAGE,
        /** The sender names itself, and asks for the name of the receiver. */
        WHO_ARE_YOU,
        /** The sender names itself. */
        I_AM
    }

    /** The bytes are not a frame of a version that is known. */
    static final class MalformedFrameException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedFrameException(String message) {
            super(message);
        }
    }

    static NodeFrame of(String member, byte[] message) {
        return new NodeFrame(Kind.MESSAGE, member, message);
    }

    static NodeFrame naming(Kind kind, String member) {
        return new NodeFrame(kind, member, NOTHING);
    }

    byte[] toBytes() {
        byte[] name = member.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEAD + name.length + message.length)
                .putInt(MAGIC)
                .put(VERSION)
                .put((byte) kind.ordinal())
                .putShort((short) name.length)
                .put(name)
                .put(message)
                .array();
    }

    /** Reads a frame; the array of the message is a new one. */
    static NodeFrame read(byte[] bytes, int offset, int length) throws MalformedFrameException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        try {
            if (buffer.getInt() != MAGIC) {
                throw new MalformedFrameException("not a message of this transport");
            }
            byte version = buffer.get();
            if (version != VERSION) {
                throw new MalformedFrameException("version " + version + ", expected " + VERSION);
            }
            int kind = buffer.get();
            if (kind < 0 || kind >= Kind.values().length) {
                throw new MalformedFrameException("kind " + kind + ", expected 0.." + (Kind.values().length - 1));
            }
            String member = readName(buffer);
            if (buffer.remaining() > ClusterTransport.MAX_MESSAGE_BYTES) {
                throw new MalformedFrameException("message of " + buffer.remaining() + " bytes, expected at most "
                        + ClusterTransport.MAX_MESSAGE_BYTES);
            }
            byte[] message = new byte[buffer.remaining()];
            buffer.get(message);
            return new NodeFrame(Kind.values()[kind], member, message);
        } catch (BufferUnderflowException tooShort) {
            throw new MalformedFrameException("too short");
        }
    }

    private static String readName(ByteBuffer buffer) throws MalformedFrameException {
        int length = Short.toUnsignedInt(buffer.getShort());
        if (length > buffer.remaining()) {
            throw new MalformedFrameException("too short for its name");
        }
        ByteBuffer name = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        try {
            String member = StandardCharsets.UTF_8.newDecoder().decode(name).toString();
            if (member.isBlank() || member.length() > NodeInfo.MAX_LENGTH) {
                throw new MalformedFrameException("name of " + member.length() + " characters, expected 1.."
                        + NodeInfo.MAX_LENGTH + " and not blank");
            }
            return member;
        } catch (CharacterCodingException malformed) {
            throw new MalformedFrameException("name is not UTF-8");
        }
    }
}
