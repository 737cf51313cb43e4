package dev.architect.postgres;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One message of the PostgreSQL frontend/backend protocol, version 3.0: a type, a length and a body (PostgreSQL manual, "Message Formats").
 *
 * @param type the first byte; 0 for the messages that begin a connection, which have none
 * @param body what follows the length
 */
record WireMessage(byte type, byte[] body) {

    /** The code of the startup message of protocol 3.0 and up to 3.x: the major version stands in the upper half. */
    static final int PROTOCOL_MAJOR = 3;

    static final int SSL_REQUEST = 80877103;
    static final int GSS_REQUEST = 80877104;

    // PostgreSQL itself takes messages of up to 1 GiB; a test sends none beyond this.
    private static final int LIMIT = 256 << 20;

    /** The next message of an established connection, or null at the end of the stream. */
    static @Nullable WireMessage read(DataInputStream in) throws IOException {
        int type = in.read();
        return type < 0 ? null : new WireMessage((byte) type, body(in));
    }

    /** The next message of a connection that has not begun, or null at the end of the stream. */
    static @Nullable WireMessage readFirst(DataInputStream in) throws IOException {
        try {
            return new WireMessage((byte) 0, body(in));
        } catch (EOFException e) {
            return null;
        }
    }

    static WireMessage of(char type, byte[] body) {
        return new WireMessage((byte) type, body);
    }

    /** An error that ends the connection, with a code of SQLSTATE. */
    static WireMessage fatal(String sqlState, String text) {
        return of('E', ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + text + "\0\0").getBytes(StandardCharsets.UTF_8));
    }

    boolean is(char expected) {
        return type == expected;
    }

    /** The code of a message that begins a connection. */
    int code() {
        return ByteBuffer.wrap(body).getInt();
    }

    /** The text from an index of the body up to its terminating zero. */
    String text(int from) {
        return new String(body, from, end(from) - from, StandardCharsets.UTF_8);
    }

    /** The index of the zero that ends the text which begins at an index. */
    int end(int from) {
        int end = from;
        while (body[end] != 0) {
            end++;
        }
        return end;
    }

    /** The same message with another text in the place of the one at an index. */
    WireMessage withText(int from, String text) {
        byte[] replacement = text.getBytes(StandardCharsets.UTF_8);
        int end = end(from);
        var changed = ByteBuffer.allocate(body.length - (end - from) + replacement.length);
        changed.put(body, 0, from).put(replacement).put(body, end, body.length - end);
        return new WireMessage(type, changed.array());
    }

    void write(OutputStream out) throws IOException {
        var whole = ByteBuffer.allocate(body.length + 5);
        if (type != 0) {
            whole.put(type);
        }
        whole.putInt(body.length + 4).put(body);
        out.write(whole.array(), 0, whole.position());
    }

    private static byte[] body(DataInputStream in) throws IOException {
        int length = in.readInt() - 4;
        if (length < 0 || length > LIMIT) {
            throw new IOException("a message has " + length + " bytes, expected 0.." + LIMIT);
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }
}
